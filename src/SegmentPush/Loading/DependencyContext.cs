using System.Reflection;
using System.Runtime.Loader;

namespace SegmentPush.Loading;

/// <summary>
/// Holds the product and the packages it uses apart from those of other modules. What the product was built with is read
/// from its <c>.deps.json</c>; the rest comes from the runtime.
/// </summary>
internal sealed class DependencyContext(string folder) : AssemblyLoadContext("SegmentPush")
{
    /// <summary>The assemblies that the cmdlets may ask for.</summary>
    public static IReadOnlyList<string> Owned { get; } = ["SegmentPush.Core", "SegmentPush.Sandbox"];

    private readonly AssemblyDependencyResolver _resolver = new(Path.Combine(folder, "SegmentPush.Core.dll"));

    /// <summary>Answers the cmdlets' request for one of the owned assemblies, and nobody else's for anything.</summary>
    public Assembly? Resolve(AssemblyLoadContext asking, AssemblyName name) =>
        Owned.Contains(name.Name, StringComparer.OrdinalIgnoreCase)
            ? LoadFromAssemblyPath(Path.Combine(folder, name.Name + ".dll"))
            : null;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;
}
