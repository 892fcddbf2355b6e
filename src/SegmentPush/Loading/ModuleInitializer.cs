using System.Management.Automation;
using System.Runtime.Loader;

namespace SegmentPush.Loading;

/// <summary>Makes the product's assemblies findable while the module is imported.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    // One for the process: an assembly that is bound once stays bound, also after the module was removed.
    private static readonly DependencyContext s_context = new(
        Path.Combine(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, "lib"));

    private static int s_imports;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Interlocked.Increment(ref s_imports) == 1) AssemblyLoadContext.Default.Resolving += s_context.Resolve;
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Interlocked.Decrement(ref s_imports) == 0) AssemblyLoadContext.Default.Resolving -= s_context.Resolve;
    }
}
