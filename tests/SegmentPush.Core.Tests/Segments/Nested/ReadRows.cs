using System.Text;
using SegmentPush.Segments;
using SegmentPush.Segments.Json;
using SegmentPush.Segments.Parquet;

namespace SegmentPush.Core.Tests.Segments.Nested;

/// <summary>Reads sources as pushes do.</summary>
internal static class ReadRows
{
    /// <summary>Where files lie that real writers have made.</summary>
    public static string Samples { get; } = Path.Combine(BuiltModule.Root, "tests", "Corpus", "Samples");

    /// <summary>The rows of a JSON text; a row with a fault as "!" and its code.</summary>
    public static List<string[]> OfJson(string json, params string[] names) => OfJson(Encoding.UTF8.GetBytes(json), names);

    /// <inheritdoc cref="OfJson(string, string[])"/>
    public static List<string[]> OfJson(byte[] json, params string[] names)
    {
        var look = JsonFile.Look(new MemoryStream(json), "people.json");
        using var reader = JsonFile.Open(new MemoryStream(json), look, "people.json");
        var rows = Of(reader, names);
        Assert.Equal(look.Rows, rows.Count);
        return rows;
    }

    /// <summary>The rows of a Parquet file.</summary>
    public static List<string[]> OfParquet(string path, params string[] names)
    {
        using var reader = Parquet(path);
        return Of(reader, names);
    }

    /// <summary>Opens a Parquet file.</summary>
    public static ParquetRowReader Parquet(string path, bool isWhole = false)
    {
        ParquetLook look;
        using (var file = File.OpenRead(path)) look = ParquetFile.Look(file, path);
        return isWhole ? ParquetFile.OpenWhole(File.OpenRead(path), look, path) : ParquetFile.Open(File.OpenRead(path), look, path);
    }

    /// <summary>All rows that are left, with the columns of these names. Numbers must go up by one.</summary>
    public static List<string[]> Of(ISegmentReader reader, params string[] names)
    {
        int[] columns = [.. names.Select(reader.FindColumn)];
        Assert.DoesNotContain(-1, columns);
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add(reader.Fault is { } fault ? ["!" + fault.Code] : [.. columns.Select(column => reader.GetValue(column).ToString())]);
            Assert.Equal(rows.Count, reader.Row);
        }

        Assert.False(reader.Read());
        return rows;
    }

    /// <summary>The id of the error with which something ends.</summary>
    public static SegmentPushException Refused(Action read) => Assert.ThrowsAny<SegmentPushException>(read);
}
