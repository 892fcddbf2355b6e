using System.Text;
using SegmentPush.Simulation.Faults;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Running;

/// <summary>Writes the files of a day's segment.</summary>
internal static class SegmentFiles
{
    /// <summary>Stands in a cell for the boundary of the last upload, which real data could hold as well.</summary>
    public const string Boundary = "{boundary}";

    /// <summary>Writes the files of a day.</summary>
    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Write(World world, Day day, int number)
    {
        if (day.IsPipeline) return [];
        var paths = new List<string>();
        for (int i = 0; i < day.Files.Count; i++)
        {
            string path = Path.Combine(world.Folder, $"day{number}-{i + 1}.csv");
            string text = TextOf(world, day.Files[i], day.HasOpenQuote && i == 0);
            if (day.HasNoLastLineEnd && i == day.Files.Count - 1) text = text.TrimEnd('\n');
            Write(world, path, text);
            paths.Add(path);
        }

        return paths;
    }

    /// <summary>Puts another file in the place of one, as an export does that comes too early.</summary>
    public static void Replace(World world, string path, Row row)
    {
        string other = path + ".new";
        Write(world, other, TextOf(world, [row], hasOpenQuote: false));
        File.Move(other, path, overwrite: true);
    }

    /// <summary>Writes other rows into a file, which stays the same one for who has it open.</summary>
    public static void Overwrite(World world, string path, IReadOnlyList<Row> rows) => Write(world, path, TextOf(world, rows, hasOpenQuote: false));

    /// <summary>A day with the boundary of the last upload in the place of its sign.</summary>
    public static Day Fill(World world, Day day) => day with
    {
        Files = [.. day.Files.Select(rows => (IReadOnlyList<Row>)[.. rows.Select(row => row with
        {
            Values = [.. row.Values.Select(value => value.Replace(Boundary, "\r\n--" + world.Marketo.Imports.LastBoundary, StringComparison.Ordinal))],
        })])],
    };

    private static void Write(World world, string path, string text)
    {
        File.WriteAllText(path, text, new UTF8Encoding(false));
        File.SetLastWriteTimeUtc(path, world.WallClock.UtcDateTime);
    }

    private static string TextOf(World world, IReadOnlyList<Row> rows, bool hasOpenQuote)
    {
        string[] lines = [.. rows.Select(LineOf)];
        if (hasOpenQuote && lines.Length > 0)
        {
            // Behind all other quotes, or one of them would close it.
            int at = Math.Clamp(Array.FindLastIndex(lines, line => line.Contains('"', StringComparison.Ordinal)) + 1, lines.Length / 2, lines.Length);
            if (at == lines.Length) lines[^1] += "\n\"" + lines[^1].Replace("\"", "", StringComparison.Ordinal);
            else lines[at] = '"' + lines[at];
        }

        var text = new StringBuilder();
        text.AppendJoin(',', new ProductDriver(world).Columns).Append('\n');
        foreach (string line in lines) text.Append(line).Append('\n');
        return text.ToString();
    }

    private static string LineOf(Row row)
    {
        IEnumerable<string> cells = [row.Identity, .. row.Values, row.Status];
        if (row.HasSurplusCell) cells = cells.Append("surplus");
        return string.Join(',', cells.Select(Csv.Cell));
    }
}
