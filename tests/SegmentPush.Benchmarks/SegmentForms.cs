using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ParquetSharp;

namespace SegmentPush.Benchmarks;

/// <summary>The people of the generated segment in the forms that other programs write, the same people for the same number of rows.</summary>
internal static class SegmentForms
{
    private const int RowsOfGroup = 128 * 1024;

    private static readonly string[] s_columns = ["personalEmail.address", "person.name.firstName", "person.name.lastName", "b2b.companyName"];

    /// <summary>The form of the segment that a piece of work reads: <c>push-gzip</c> is a push of the segment as gzip.</summary>
    public static string FormOf(string work) =>
        work.Split('-') is ["push" or "look", ("backslash" or "gzip" or "json" or "parquet") and var form] ? form : "csv";

    /// <summary>Writes the segment in one of the forms <c>csv</c>, <c>backslash</c>, <c>gzip</c>, <c>json</c> and <c>parquet</c>.</summary>
    public static string Write(string folder, int rows, string form)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"segment-{rows}.{form}"));
        if (form == "csv") return Segment.Write(folder, rows);
        if (File.Exists(path)) return path;
        switch (form)
        {
            case "backslash":
                File.WriteAllLines(path, Backslash(rows));
                break;
            case "gzip":
                using (var from = File.OpenRead(Segment.Write(folder, rows)))
                using (var packed = new GZipStream(File.Create(path), CompressionLevel.Optimal))
                    from.CopyTo(packed);
                break;
            case "json":
                File.WriteAllLines(path, Json(rows));
                break;
            default:
                WriteParquet(path, rows);
                break;
        }

        return path;
    }

    // As Spark writes it for Experience Platform.
    private static IEnumerable<string> Backslash(int rows) => People(rows)
        .Select(person => string.Join(',', person.Select((cell, i) => i == 3 ? "\"" + cell.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"" : i == 2 ? $"\"{cell}\"" : cell)))
        .Prepend(string.Join(',', s_columns));

    private static IEnumerable<string> Json(int rows) => People(rows).Select(person => JsonSerializer.Serialize(new
    {
        personalEmail = new { address = person[0] },
        person = new { name = new { firstName = person[1], lastName = person[2] } },
        b2b = new { companyName = person[3] },
    }));

    private static void WriteParquet(string path, int rows)
    {
        using var file = new ParquetFileWriter(path, [.. s_columns.Select(name => new Column<string>(name.Replace('.', '_')))], Compression.Snappy);
        foreach (var group in People(rows).Chunk(RowsOfGroup))
        {
            using var groupWriter = file.AppendRowGroup();
            for (int i = 0; i < s_columns.Length; i++)
            {
                using var column = groupWriter.NextColumn().LogicalWriter<string>();
                column.WriteBatch([.. group.Select(person => person[i])]);
            }
        }

        file.Close();
    }

    private static IEnumerable<string[]> People(int rows) => Enumerable.Range(0, rows).Select(i => (string[])
    [
        string.Create(CultureInfo.InvariantCulture, $"someone.number{i}@department{i % 97}.example.org"),
        string.Create(CultureInfo.InvariantCulture, $"Zoë{i % 1000}"),
        string.Create(CultureInfo.InvariantCulture, $"O'Hara, Jr. {i}"),
        string.Create(CultureInfo.InvariantCulture, $"Lumière \"{i % 5000}\" & Fils, SA"),
    ]);
}
