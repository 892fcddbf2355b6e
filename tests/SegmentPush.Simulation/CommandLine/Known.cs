using System.Reflection;
using System.Text.Json;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>What is known to fail today, in one file: kept scenarios by name, and kinds of failures of fresh seeds.</summary>
internal sealed record Known
{
    private const string FileName = "Known.json";

    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip };

    /// <summary>Names of kept scenarios that fail.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Kinds of failures that fresh seeds find, with or without what was going on.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Whether fresh seeds are known to fail in a way.</summary>
    public bool Has(string kind) => Kinds.Contains(kind) || Kinds.Contains(kind.Split(',')[0]);

    /// <summary>The folder of the kept scenarios.</summary>
    public static string Folder { get; } = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "KeptScenarios").Value!;

    /// <summary>Reads the file.</summary>
    public static Known Read()
    {
        string path = Path.Combine(Folder, "..", FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<Known>(File.ReadAllText(path), s_options)! : new Known();
    }

    /// <summary>The kept scenarios: name and file.</summary>
    public static IReadOnlyList<(string Name, string Path)> KeptScenarios() =>
        [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(path => (Path.GetFileNameWithoutExtension(path), path))];
}
