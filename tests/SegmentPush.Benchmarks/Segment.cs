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
}
