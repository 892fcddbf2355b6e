using System.Text;
using Sylvan.Data.Csv;

namespace SegmentPush.Marketo;

/// <summary>
/// Reads the failures file or the warnings file of an import by its header. Columns may be missing or moved, and a reason may hold
/// delimiters that are not quoted.
/// </summary>
internal sealed class ImportRejectFile
{
    private const int LargestRow = 64 * 1024 * 1024;

    // The formats of uploads, and one more that spreadsheets know.
    private static readonly char[] s_delimiters = [',', ';', '\t', '|'];

    private static readonly string[] s_reasonNames = ["Import Failure Reason", "Import Warning Reason"];

    private readonly char _delimiter;
    private readonly int _columnCount;
    private readonly int _key;
    private readonly int _reason;
    private readonly int[] _uploaded;

    private ImportRejectFile(IReadOnlyList<string> header, IReadOnlyList<string> uploaded, char delimiter)
    {
        _delimiter = delimiter;
        _columnCount = header.Count;
        _uploaded = [.. uploaded.Select(name => IndexOf(header, name))];
        _key = _uploaded[0];
        _reason = ReasonIn(header, uploaded);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="uploaded">The header of the upload, with the field that finds people first.</param>
    /// <returns>Its rows, as far as they can be read.</returns>
    public static IReadOnlyList<ImportReject> Read(ReadOnlyMemory<byte> bytes, IReadOnlyList<string> uploaded)
    {
        string text = Decode(bytes);
        var file = s_delimiters
            .Select(delimiter => new ImportRejectFile(Rows(text, delimiter).FirstOrDefault() ?? [], uploaded, delimiter))
            .MaxBy(file => file._uploaded.Count(column => column >= 0))!;
        return [.. Rows(text, file._delimiter).Skip(1).Where(row => row.Any(cell => cell.Length > 0)).Select(file.ToReject)];
    }

    private static string Decode(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    // A malformed file is read up to its fault. The people of the missing rows are then not accounted for.
    private static IEnumerable<string[]> Rows(string text, char delimiter)
    {
        using var csv = CsvDataReader.Create(
            new StringReader(text),
            new CsvDataReaderOptions { HasHeaders = false, Delimiter = delimiter, Comment = '\uFFFE', CsvStyle = CsvStyle.Lax, MaxBufferSize = LargestRow });
        while (TryRead(csv)) yield return [.. Enumerable.Range(0, csv.RowFieldCount).Select(csv.GetString)];
    }

    private static bool TryRead(CsvDataReader csv)
    {
        try
        {
            return csv.Read();
        }
        catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException)
        {
            return false;
        }
    }

    private static int IndexOf(IReadOnlyList<string> header, string name)
    {
        for (int i = 0; i < header.Count; i++)
        {
            if (string.Equals(header[i].Trim(), name, StringComparison.OrdinalIgnoreCase)) return i;
        }

        return -1;
    }

    // By its name, or else the last column that the upload did not have.
    private static int ReasonIn(IReadOnlyList<string> header, IReadOnlyList<string> uploaded)
    {
        foreach (string name in s_reasonNames)
        {
            if (IndexOf(header, name) is >= 0 and var index) return index;
        }

        for (int i = header.Count - 1; i >= 0; i--)
        {
            if (IndexOf(uploaded, header[i].Trim()) < 0) return i;
        }

        return -1;
    }

    private ImportReject ToReject(string[] row) => new(
        KeysOf(row),
        row.Length == _columnCount && _uploaded.All(column => column >= 0) ? [.. _uploaded.Select(column => row[column])] : null,
        SafeText.Of(ReasonOf(row)));

    // Surplus cells before the key move it to the right, missing ones to the left. Whether there are any is not known.
    private List<string> KeysOf(string[] row)
    {
        if (_key < 0) return [];
        int surplus = row.Length - _columnCount;
        int first = Math.Max(0, _key + Math.Min(0, surplus));
        int last = Math.Min(row.Length - 1, _key + Math.Max(0, surplus));
        return [.. Enumerable.Range(first, last - first + 1).Select(i => row[i].Trim()).Where(key => key.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private string ReasonOf(string[] row)
    {
        int surplus = Math.Max(0, row.Length - _columnCount);
        if (_reason < 0) return string.Empty;
        if (_reason < row.Length) return string.Join(_delimiter, row[_reason..(_reason + surplus + 1)]);

        // A row that lacks cells still ends with its reason.
        return row.Length > _key + 1 ? row[^1] : string.Empty;
    }
}
