using System.Globalization;

namespace SegmentPush.Benchmarks;

/// <summary>A generated segment, the same for the same number of rows.</summary>
internal static class Segment
{
    public static string Write(string folder, int rows)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"segment-{rows}.csv"));
        if (File.Exists(path)) return path;
        using var file = new StreamWriter(path);
        file.Write("personalEmail.address,person.name.firstName,person.name.lastName,b2b.companyName\r\n");
        for (int i = 0; i < rows; i++)
        {
            file.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"someone.number{i}@department{i % 97}.example.org,Zoë{i % 1000},\"O'Hara, Jr. {i}\",\"Lumière \"\"{i % 5000}\"\" & Fils, SA\"\r\n"));
        }

        return path;
    }

    /// <summary>What becomes of a segment in a day: a half of one per cent of its people are gone, as many new, and as many changed.</summary>
    public static string WriteChanged(string folder, int rows)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"segment-{rows}-changed.csv"));
        if (File.Exists(path)) return path;
        using var file = new StreamWriter(path);
        long row = -1;
        foreach (string line in File.ReadLines(Write(folder, rows)))
        {
            string now = (++row % 200) switch
            {
                1 => "",
                2 => line.Replace("Zoë", "Zoé", StringComparison.Ordinal) + "\r\n",
                3 => line + "\r\n" + string.Create(CultureInfo.InvariantCulture, $"new{row}@example.org,New,Comer,\r\n"),
                _ => line + "\r\n",
            };
            file.Write(now);
        }

        return path;
    }
}
