using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using SegmentPush.Segments.Delimited;
using SegmentPush.Segments.Exports;
using SegmentPush.Segments.Json;
using SegmentPush.Segments.Parquet;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Segments;

/// <summary>
/// The one look at a whole file before it is read: settles compression, kind, encoding, preamble, delimiter, escape, null text and columns,
/// or refuses the file before anything is sent.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="options">What the user says about its form.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class FileLook(PinnedFile file, FormOptions options, CancellationToken cancellation)
{
    private const int HeadBytes = 64 * 1024;
    private const int HeadCharacters = 4 * 1024;
    private const string MySqlNull = @"\N";

    private string Path => file.Path;

    /// <summary>Looks at the file.</summary>
    public FileSource Settle()
    {
        byte[] head = ReadHead(FileCompression.None);
        if (head.Length == 0) return options.MayBeEmpty ? Empty() : throw Blank("is empty");
        var compression = head is [0x1F, 0x8B, ..] ? FileCompression.Gzip : FileCompression.None;
        if (compression != FileCompression.None) head = ReadHead(compression);
        if (FileSignature.IsParquet(head)) return SettleParquet(compression);
        if (FileSignature.Find(head, isText: options.Encoding is not null) is { } kind) throw Binary(kind);
        return SettleText(compression, head);
    }

    // A Parquet file is read from its end, so that it can't lie in an archive; its pages are compressed one by one.
    private FileSource SettleParquet(FileCompression compression)
    {
        if (compression != FileCompression.None) throw Binary("a Parquet file inside an archive");
        using var bytes = file.OpenBytes();
        var look = ParquetFile.Look(bytes, Path, cancellation);
        CheckRows(look.Rows);
        var form = new SourceForm { Format = FileFormat.Parquet, Columns = look.Columns, Rows = look.Rows };
        return FileSource.Of(file, form, HashOfFile(), new ParquetContent(file, look), []);
    }

    private FileSource SettleJson(FileCompression compression, DelimitedText text, string hash)
    {
        var content = new JsonContent(file, compression, text);
        var look = content.Look(cancellation);
        CheckRows(look.Rows);
        var form = new SourceForm
        {
            Format = FileFormat.Json,
            Compression = compression,
            Encoding = text.Encoding.WebName,
            MarkLength = text.MarkLength,
            Columns = look.Columns,
            Rows = look.Rows,
        };
        return FileSource.Of(file, form, hash, content with { Found = look }, []);
    }

    private string HashOfFile()
    {
        using var hashed = new HashingStream(file.OpenBytes());
        return hashed.Finish();
    }

    private void CheckRows(long rows)
    {
        if (rows == 0 && !options.MayBeEmpty)
            throw new SegmentPushException("FileHasNoRows", $"'{Path}' has no rows.", "Check the export.", Path);
    }

    private FileSource SettleText(FileCompression compression, byte[] head)
    {
        var (encoding, markLength) = TextForm.Find(head, options.Encoding, Binary);
        var hashed = new HashingStream(file.OpenBytes());
        var facts = compression == FileCompression.Gzip ? GzipCheck.ReadWhole(hashed, Path, content => ByteFacts.Of(content, cancellation)) : ByteFacts.Of(hashed, cancellation);
        string hash = hashed.Finish();
        var text = new DelimitedText(() => file.OpenContent(compression, out _), encoding ?? Encoding.Latin1, markLength);
        if (encoding is null && facts.NotUtf8Line is { } line)
            throw UnknownEncoding(facts, JsonBeginning.Is(Encoding.Latin1.GetString(head)) ? RowOfJson(line) : RowOf(line, text, facts));
        encoding ??= TextEncodings.Utf8;
        text = text with { Encoding = encoding };
        if (options.Delimiter is null && JsonBeginning.Is(text.ReadHead(HeadCharacters))) return SettleJson(compression, text, hash);
        var (trial, preambleLines) = DialectFinder.Find(Path, text, facts, options, FileSource.MaxRowLength, cancellation);
        if (trial.Header.Count == 0) return options.MayBeEmpty ? Empty() : throw Blank("holds blank lines only");
        if (trial.Rows == 0 && !options.MayBeEmpty)
            throw new SegmentPushException("FileHasNoRows", $"'{Path}' has a header and no rows.", "Check the export.", Path);
        string[] columns = [.. trial.Header.Select(RejectColumns.TakeMarkOffName)];
        CheckNames(columns);

        var form = new SourceForm
        {
            Format = FileFormat.Delimited,
            Compression = compression,
            Encoding = encoding.WebName,
            MarkLength = markLength,
            PreambleLines = preambleLines,
            Dialect = trial.Dialect,
            NullText = NullTextOf(trial),
            Columns = columns,
            MarkedColumns = [.. trial.Header.Select(column => RejectColumns.IsMarked(column))],
            Rows = trial.Rows,
            EndsWithRow = trial.EndsWithRow,
        };
        return FileSource.Of(
            file,
            form,
            hash,
            new DelimitedContent(file, form, text with { PreambleLines = preambleLines }),
            [.. trial.NullTexts.Where(found => !form.NullText.Contains(found.Text)).Select(found => new NullTextCount(found.Column, found.Text, found.Count))]);
    }

    // Experience Platform writes "null", and MySQL "\N", unless they are told otherwise.
    private IReadOnlyList<string> NullTextOf(DialectTrial trial)
    {
        if (options.NullText is { } said) return said;
        if (PlatformExport.HasName(Path) || PlatformExport.HasColumns(trial.Header)) return [PlatformExport.NullText];
        bool isOfBackslashes = trial.Dialect.Escape is CellEscape.Backslash or CellEscape.BackslashUnquoted || trial.NullTexts.Any(found => found.Text == MySqlNull);
        return isOfBackslashes ? [MySqlNull] : [];
    }

    private FileSource Empty() => FileSource.Of(
        file, new SourceForm { Format = FileFormat.Delimited, Columns = [], Rows = 0 }, HashingStream.OfNothing, new NoContent(), []);

    private byte[] ReadHead(FileCompression compression)
    {
        using var content = file.OpenContent(compression, out _);
        byte[] head = new byte[HeadBytes];
        return head[..content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    private void CheckNames(string[] columns)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length == 0 || names.TryAdd(ColumnNames.Fold(columns[i]), i)) continue;

            // Of a file without a header the names would be people's data.
            int first = names[ColumnNames.Fold(columns[i])];
            throw new SegmentPushException(
                "DuplicateColumn",
                $"The columns {first + 1} and {i + 1} of '{Path}' have the same name (names are compared without case and blanks).",
                "Rename or remove one of them. A file without a header row needs one.",
                Path);
        }
    }

    // About: an object of JSON lines is on a line of its own.
    private static MessageText RowOfJson(long line) => line == 1 ? (MessageText)$"line {line}" : $"row {line} (line {line})";

    // Quotes, delimiters and line ends are the same in UTF-8 and in the likely encodings, so that the rows can be counted by any of them.
    private MessageText RowOf(long line, DelimitedText text, ByteFacts facts)
    {
        try
        {
            var (trial, preambleLines) = DialectFinder.Find(Path, text, facts, options, FileSource.MaxRowLength, cancellation);
            using var rows = (text with { PreambleLines = preambleLines }).Open(trial.Dialect, FileSource.MaxRowLength);
            for (long row = 0; rows.Read() && rows.Line <= line;)
            {
                if (DialectTrial.IsNobody(rows, trial.Header)) continue;
                if (line < rows.Line + rows.Lines) return row == 0 ? (MessageText)$"its header (line {line})" : $"row {row} (line {line})";
                row++;
            }
        }
        catch (SegmentPushException)
        {
            // Where the rows can't be told either, the line is what is known.
        }

        return $"line {line}";
    }

    private SegmentPushException UnknownEncoding(ByteFacts facts, MessageText row)
    {
        if (facts.EndsInCharacter)
            return Unknown($"'{Path}' is UTF-8 and ends in the middle of a character, in {row}: the file was cut off.", "Export or copy the file again.");
        if (facts.Utf8Characters > facts.NotUtf8Bytes)
        {
            return Unknown(
                $"'{Path}' is UTF-8 for the most part, but not in {Counted.Bytes(facts.NotUtf8Bytes)}, first in {row}.",
                "Export the file again. -Encoding utf8 reads it all the same, and rejects the rows at fault.");
        }

        return Unknown(
            $"'{Path}' is not UTF-8, first in {row}; the likely encoding is {TextEncodings.Ansi.WebName}, which Excel writes as CSV (Comma delimited).",
            $"Save the file as CSV UTF-8, or name its encoding, for example -Encoding {TextEncodings.Ansi.CodePage} or -Encoding ansi. Look at some names in the plan (-WhatIf -Detailed): a wrong encoding gives wrong letters.");

        SegmentPushException Unknown(MessageText message, MessageText action) => new("EncodingUnknown", message, action, Path);
    }

    private SegmentPushException Blank(MessageText what) => new("FileEmpty", $"'{Path}' {what}.", "Check the export; a segment has at least a header.", Path);

    private SegmentPushException Binary(MessageText what) => new(
        "BinaryFile", $"'{Path}' is {what}, not a file of people.", "Give a delimited file, JSON or Parquet; unpack an archive and decrypt an encrypted file first. Where it is a text after all, name its encoding, such as -Encoding utf8.", Path);
}
