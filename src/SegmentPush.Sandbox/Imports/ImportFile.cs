using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Imports;

/// <summary>A file as it was uploaded: a header of field names, and rows.</summary>
internal sealed record ImportFile(char Delimiter, Field Lookup, string[] Header, Field[] Fields, IReadOnlyList<string[]> Rows)
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create("\"\r\n\t,;");

    /// <summary>Takes the file out of a call.</summary>
    /// <exception cref="Refusal">There is none, or it is not one of people.</exception>
    public static async Task<ImportFile> ReadAsync(Call call)
    {
        char delimiter = call.Parameter("format") switch
        {
            "csv" => ',',
            "tsv" => '\t',
            "ssv" => ';',
            _ => throw new Refusal("1003", "Invalid format"),
        };
        var rows = Split(Encoding.UTF8.GetString(await FindFileAsync(call).ConfigureAwait(false)), delimiter);
        if (rows.Count < 2) throw new Refusal("1003", "Empty file");
        var fields = rows[0].Select(name => Field.All.TryGetValue(name.Trim('\uFEFF'), out var field)
            ? field
            : throw new Refusal("1006", $"Field '{name}' not found")).ToArray();
        string lookup = call.Parameter("lookupField") ?? "email";
        if (!fields.Any(field => string.Equals(field.Name, lookup, StringComparison.OrdinalIgnoreCase)))
            throw new Refusal("1003", $"lookupField '{lookup}' is not in the file");
        return new ImportFile(delimiter, Field.All[lookup], rows[0], fields, rows[1..]);
    }

    /// <summary>Rows in the form of the upload, each with a reason more.</summary>
    public byte[] Write(IEnumerable<(string[] Row, string Reason)> rows, string reasonColumn)
    {
        var text = new StringBuilder();
        Append([.. Header, reasonColumn]);
        foreach (var (row, reason) in rows) Append([.. row, reason]);
        return Encoding.UTF8.GetBytes(text.ToString());

        void Append(string[] cells) => text.AppendJoin(Delimiter, cells.Select(cell =>
            cell.AsSpan().ContainsAny(s_quoted) ? '"' + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : cell)).Append('\n');
    }

    private static async Task<byte[]> FindFileAsync(Call call)
    {
        if (!MediaTypeHeaderValue.TryParse(call.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
        {
            throw new Refusal("612", "Invalid Content Type");
        }

        byte[]? found = null;
        try
        {
            using var body = new MemoryStream(call.Body);
            var reader = new MultipartReader(boundary.Value!, body);
            while (await reader.ReadNextSectionAsync().ConfigureAwait(false) is { } section)
            {
                var disposition = section.GetContentDispositionHeader();
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content).ConfigureAwait(false);
                if (disposition?.IsFileDisposition() == true && HeaderUtilities.RemoveQuotes(disposition.Name) == "file") found = content.ToArray();
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new Refusal("1003", "The file breaks off");
        }

        return found ?? throw new Refusal("1003", "No file");
    }

    // RFC 4180.
    private static List<string[]> Split(string text, char delimiter)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (isQuoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
                else isQuoted = false;
            }
            else if (c == '"' && cell.Length == 0) isQuoted = true;
            else if (c == delimiter) EndCell();
            else if (c == '\n') EndRow();
            else if (c != '\r') cell.Append(c);
        }

        if (cell.Length > 0 || row.Count > 0) EndRow();
        return rows;

        void EndCell()
        {
            row.Add(cell.ToString());
            cell.Clear();
        }

        void EndRow()
        {
            EndCell();
            rows.Add([.. row]);
            row.Clear();
        }
    }
}
