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
    private const int HeadBytes = 64 * 1024;
    private const string FileList = "exportResults";

    // Other programs' lists; they are not checked.
    private static readonly string[] s_otherFileLists = ["files", "entries"];

    /// <summary>Whether a file's name is one of a manifest.</summary>
    public static bool IsName(string path) => Form().IsMatch(System.IO.Path.GetFileName(path));

    /// <summary>Whether a file is a manifest, by its name and by what it holds. One that can't be read, as while it is being written, is one.</summary>
    public static bool Is(string path) => IsName(path) && File.Exists(path) && !HoldsPeople(path);

    /// <summary>The manifests of a folder; files of that name which list no files of an export are none.</summary>
    public static IReadOnlyList<ExportManifest> ReadAll(string folder) =>
    [
        .. (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : []).Where(IsName).Select(Read).OfType<ExportManifest>(),
    ];

    private static ExportManifest? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (HoldsPeople(file)) return null;
            file.Position = 0;
            if (file.Length > MaxBytes) return Broken(path);
            using var json = JsonDocument.Parse(file);
            if (!json.RootElement.TryGetProperty(FileList, out var results)) return null;
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

    private static bool HoldsPeople(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return HoldsPeople(file);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A manifest is an object that lists files; people are an array, or objects without such a list.
    private static bool HoldsPeople(FileStream file)
    {
        byte[] head = new byte[HeadBytes];
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var bytes = head.AsSpan(0, length);
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        var json = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        if (!json.Read()) return false;
        if (json.TokenType != JsonTokenType.StartObject) return true;
        while (json.Read() && json.CurrentDepth > 0)
        {
            if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.ValueTextEquals(FileList)) return false;
            if (IsOtherFileList(json) && json.Read() && json.TokenType == JsonTokenType.StartArray) return false;
        }

        // The list comes early: where so much comes before it, there is none.
        return json.CurrentDepth == 0 || file.Length > length;
    }

    private static bool IsOtherFileList(in Utf8JsonReader name)
    {
        foreach (string list in s_otherFileLists)
        {
            if (name.ValueTextEquals(list)) return true;
        }

        return false;
    }

    private static ExportManifest Broken(string path) => new(path, null, []) { IsBroken = true };

    private static DateTime? MomentOf(JsonElement manifest) =>
        manifest.TryGetProperty("scheduledTime", out var time) && time.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment.UtcDateTime : null;

    [GeneratedRegex(@"(\Amanifest[-_.].*|(\A|.*[-_.])manifest)\.json\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
