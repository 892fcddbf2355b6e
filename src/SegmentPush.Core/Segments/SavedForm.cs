using System.Text.Json;
using System.Text.Json.Serialization;

namespace SegmentPush.Segments;

/// <summary>The form of a file as the journal and a plan keep it, so that the file is read again by the same rules or not at all.</summary>
/// <param name="Encoding">Registered name of the encoding; null where the format settles it.</param>
/// <param name="Delimiter">The character between two cells; null where the file has none.</param>
/// <param name="Escape">How a quote is written inside a quoted cell; null where the file is not delimited.</param>
/// <param name="NullText">Unquoted texts that mean no value.</param>
/// <param name="ContentHash">XxHash128 of the file's bytes, as hexadecimal digits.</param>
internal sealed record SavedForm(
    string? Encoding, char? Delimiter, CellEscape? Escape, IReadOnlyList<string> NullText, string ContentHash)
{
    /// <summary>The form of a file.</summary>
    public static SavedForm Of(FileSource file) => new(
        file.Form.Encoding, file.Form.Dialect?.Delimiter, file.Form.Dialect?.Escape, file.Form.NullText, file.ContentHash);

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static SavedForm Parse(string text) => JsonSerializer.Deserialize(text, SavedFormJson.Default.SavedForm)!;

    /// <summary>The form as text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, SavedFormJson.Default.SavedForm);

    /// <summary>Opens the file again.</summary>
    /// <exception cref="SegmentPushException">Its content is not what it was (<c>SourceChanged</c>), or it can't be read.</exception>
    public FileSource Open(string path, CancellationToken cancellation = default)
    {
        var file = FileSource.Open(
            path,
            new FormOptions { Encoding = Encoding, Delimiter = Delimiter, Escape = Escape, NullText = NullText, MayBeEmpty = true },
            cancellation);
        if (file.ContentHash == ContentHash) return file;
        file.Dispose();
        throw PinnedFile.Changed(path);
    }
}

/// <summary>How forms are written.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(SavedForm))]
internal sealed partial class SavedFormJson : JsonSerializerContext;
