using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SegmentPush.Segments.Exports;

/// <summary>The manifest that Experience Platform writes beside an export: which files it has, and how large they are.</summary>
/// <param name="Path">The manifest's path.</param>
/// <param name="Moment">When the export was due, UTC; null where the manifest does not say.</param>
/// <param name="Files">Name and size in bytes of each file.</param>
internal sealed partial record ExportManifest(string Path, DateTime? Moment, IReadOnlyList<(string Name, long? Length)> Files)
{
    /// <summary>Whether the manifest can't be read, as while it is being written.</summary>
    public bool IsBroken { get; init; }

    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Whether a file's name is one of a manifest.</summary>
    public static bool IsName(string path) => Form().IsMatch(System.IO.Path.GetFileName(path));

    /// <summary>The manifests of a folder; files of that name which list no files of an export are none.</summary>
    public static IReadOnlyList<ExportManifest> ReadAll(string folder) =>
    [
        .. (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : []).Where(IsName).Select(Read).OfType<ExportManifest>(),
    ];

    private static ExportManifest? Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) return Broken(path);
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("exportResults", out var results)) return null;
            var files = results.EnumerateArray().Select(result => (
                System.IO.Path.GetFileName(result.GetProperty("name").GetString() ?? ""),
                result.TryGetProperty("size", out var size) && size.TryGetInt64(out long length) ? length : (long?)null)).ToArray();
            return new ExportManifest(path, MomentOf(json.RootElement), files);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            return Broken(path);
        }
    }

    private static ExportManifest Broken(string path) => new(path, null, []) { IsBroken = true };

    private static DateTime? MomentOf(JsonElement manifest) =>
        manifest.TryGetProperty("scheduledTime", out var time) && time.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment.UtcDateTime : null;

    [GeneratedRegex(@"(\Amanifest[-_.].*|(\A|.*[-_.])manifest)\.json\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
