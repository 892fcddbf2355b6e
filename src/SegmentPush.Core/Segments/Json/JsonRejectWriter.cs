using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SegmentPush.Segments.Nested;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Segments.Json;

/// <summary>
/// Writes rejected rows of a source of nested objects as JSON, one object a line, with <c>_Row</c>, <c>_Code</c> and
/// <c>_Reason</c> behind the row's own properties. The file is UTF-8 without a byte order mark, and its owner alone can read it.
/// </summary>
internal sealed class JsonRejectWriter : IRejectedRows, IDisposable
{
    private const int FlushAt = 64 * 1024;

    // The file is text for people, and no part of a web page.
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _text = new(FlushAt * 2);
    private readonly ArrayBufferWriter<byte> _rejection = new(512);

    /// <summary>Creates a file.</summary>
    /// <exception cref="IOException">There is one already, or it can't be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public JsonRejectWriter(string path)
    {
        _file = PrivateFile.Open(path, FileMode.CreateNew, FileShare.Read);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">A reader that stands on it.</param>
    /// <param name="code">Why it was rejected.</param>
    /// <param name="reason">The same in a sentence.</param>
    public void Add(INestedRow row, string code, string reason)
    {
        _text.Write("{"u8);
        int start = _text.WrittenCount;
        row.WriteMembers(_text);
        if (_text.WrittenCount > start) _text.Write(","u8);
        _text.Write(Describe(row.Row, code, reason)[1..]);
        _text.Write("\n"u8);
        if (_text.WrittenCount >= FlushAt) Flush();
    }

    /// <inheritdoc/>
    void IRejectedRows.Add(ISegmentReader row, string code, string reason) => Add((INestedRow)row, code, reason);

    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _file.Dispose();
        }
    }

    private ReadOnlySpan<byte> Describe(long row, string code, string reason)
    {
        _rejection.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_rejection, s_readable);
        writer.WriteStartObject();
        writer.WriteNumber(RejectColumns.Names[0], row);
        writer.WriteString(RejectColumns.Names[1], code);
        writer.WriteString(RejectColumns.Names[2], reason);
        writer.WriteEndObject();
        writer.Flush();
        return _rejection.WrittenSpan;
    }

    private void Flush()
    {
        // What could not be written once is not tried again.
        var text = _text.WrittenMemory;
        _text.ResetWrittenCount();
        _file.Write(text.Span);
    }
}
