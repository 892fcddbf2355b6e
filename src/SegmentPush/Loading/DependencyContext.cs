using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace SegmentPush.Loading;

/// <summary>
/// Holds the product and the packages it uses apart from those of other modules. What the product was built with is read
/// from its <c>.deps.json</c>; the rest comes from the runtime. Where an assembly was compiled for this platform, that one is taken.
/// </summary>
internal sealed class DependencyContext(string folder) : AssemblyLoadContext("SegmentPush")
{
    private const string Sandbox = "SegmentPush.Sandbox";

    /// <summary>The assemblies that the cmdlets may ask for.</summary>
    public static IReadOnlyList<string> Owned { get; } = ["SegmentPush.Core", Sandbox];

    // It reads a file, for which Import-Module must not wait.
    private readonly Lazy<AssemblyDependencyResolver> _resolver = new(() => new AssemblyDependencyResolver(Path.Combine(folder, "SegmentPush.Core.dll")));

    // The sandbox has packages of its own, which are looked for once it is used.
    private volatile AssemblyDependencyResolver? _sandboxResolver;
    private readonly string _nativeFolder = Path.Combine(folder, RuntimeInformation.RuntimeIdentifier);

    /// <summary>Answers the cmdlets' request for one of the owned assemblies, and nobody else's for anything.</summary>
    public Assembly? Resolve(AssemblyLoadContext asking, AssemblyName name)
    {
        if (!Owned.Contains(name.Name, StringComparer.OrdinalIgnoreCase)) return null;
        string path = Path.Combine(folder, name.Name + ".dll");
        if (string.Equals(name.Name, Sandbox, StringComparison.OrdinalIgnoreCase)) _sandboxResolver ??= new AssemblyDependencyResolver(path);
        return LoadBest(path);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        (_resolver.Value.ResolveAssemblyToPath(assemblyName) ?? _sandboxResolver?.ResolveAssemblyToPath(assemblyName)) is { } path ? LoadBest(path) : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.Value.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;

    // What lies deeper is of one platform already, and another assembly than the one that was compiled.
    private Assembly LoadBest(string path)
    {
        string native = Path.Combine(_nativeFolder, Path.GetFileName(path));
        bool isCompiled = Path.GetDirectoryName(path) == folder && File.Exists(native);
        return LoadFromAssemblyPath(isCompiled ? native : path);
    }
}
