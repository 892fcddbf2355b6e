using System.Text;

namespace SegmentPush.Simulation.Marketo;

/// <summary>Comma-separated rows with doubled quotes, as Marketo reads and writes them.</summary>
internal static class Csv
{
    /// <summary>Reads rows; empty lines are none.</summary>
    public static List<string[]> Parse(string text)
    {
        var rows = new List<string[]>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false, wasQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (isQuoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[i++]);
                else isQuoted = false;
            }
            else if (c == '"' && cell.Length == 0)
            {
                isQuoted = wasQuoted = true;
            }
            else if (c == ',')
            {
                EndCell();
            }
            else if (c == '\n')
            {
                EndRow();
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }

        EndRow();
        return rows;

        void EndCell()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }

        void EndRow()
        {
            if (cells.Count == 0 && cell.Length == 0 && !wasQuoted) return;
            EndCell();
            rows.Add([.. cells]);
            cells.Clear();
            wasQuoted = false;
        }
    }

    /// <summary>Writes rows.</summary>
    public static byte[] Write(IEnumerable<IReadOnlyList<string>> rows) =>
        Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => string.Join(',', row.Select(Cell)) + "\n")));

    /// <summary>A cell, in quotes where it needs them.</summary>
    public static string Cell(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
