using System.Reflection;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace SegmentPush.Cmdlet.Tests;

/// <summary>Where the built module and what belongs to it lie.</summary>
internal static class Place
{
    public static string Root { get; } = Metadata("RepoRoot");

    public static string Manifest { get; } = Path.Combine(Root, "artifacts", "SegmentPush", "SegmentPush.psd1");

    public static string Built(string project) => Path.Combine(
        Root, Path.GetDirectoryName(project)!, Path.GetFileName(project), "bin", Metadata("Configuration"), "net10.0", Path.GetFileName(project) + ".dll");

    private static string Metadata(string key) =>
        typeof(Place).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
