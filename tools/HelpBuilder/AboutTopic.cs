using System.Text;
using System.Text.RegularExpressions;

namespace SegmentPush.HelpBuilder;

/// <summary>Writes a page of docs/ as an about topic: plain text of 80 columns, as Get-Help shows it.</summary>
internal static partial class AboutTopic
{
    private const int Columns = 80;
    private const string Indent = "    ";

    /// <summary>Writes a topic.</summary>
    /// <param name="name">Name of the topic, such as <c>about_SegmentPush</c>.</param>
    /// <param name="page">Text of the page. Its first paragraph is the short description.</param>
    /// <param name="words">The words of its language.</param>
    /// <exception cref="FormatException">The page has no text below its title.</exception>
    public static string Of(string name, string page, HelpWords words)
    {
        string[] blocks = [.. BlankLines().Split(page.ReplaceLineEndings("\n").Trim()).Where(block => block.Length > 0 && !block.StartsWith("<!--", StringComparison.Ordinal))];
        if (blocks.Length < 2 || !blocks[0].StartsWith("# ", StringComparison.Ordinal)) throw new FormatException($"{name}: the page has no title with text below it.");
        var text = new StringBuilder();
        text.Append(words.Topic).Append('\n').Append(Indent).Append(name).Append("\n\n");
        text.Append(words.Short).Append('\n').Append(Wrap(Plain(blocks[1]), Indent)).Append('\n').Append(words.Long).Append('\n');
        foreach (string block in blocks[2..]) Write(text, block, words.Colon);
        return text.ToString().TrimEnd() + "\n";
    }

    // A block may have a heading above its text, or text above its table.
    private static void Write(StringBuilder text, string block, string colon)
    {
        string[] lines = block.Split('\n');
        if (lines[0].StartsWith('#'))
        {
            text.Append(Plain(lines[0].TrimStart('#').Trim()).ToUpperInvariant()).Append('\n');
            if (lines.Length > 1) Write(text, string.Join('\n', lines[1..]), colon);
            return;
        }

        int begin = Array.FindIndex(lines, line => line[0] is '|' || line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal));
        if (begin != 0) text.Append(Wrap(Plain(string.Join(' ', begin < 0 ? lines : lines[..begin])), Indent));
        if (begin >= 0) WriteForm(text, lines[begin..], colon);
        text.Append('\n');
    }

    private static void WriteForm(StringBuilder text, string[] lines, string colon)
    {
        if (lines[0][0] == '|') WriteTable(text, [.. lines.Where(line => line.StartsWith('|')).Select(Cells)], colon);
        else if (lines[0][0] == '`') text.Append(string.Concat(lines.Where(line => !line.StartsWith("```", StringComparison.Ordinal)).Select(line => $"{Indent}{Indent}{line}\n")));
        else foreach (string item in Items().Split(string.Join('\n', lines)).Where(item => item.Length > 0)) text.Append(Wrap("- " + Plain(item), Indent));
    }

    // What stands beside the first cell goes below it: 80 columns are too narrow for a table.
    private static void WriteTable(StringBuilder text, string[][] rows, string colon)
    {
        foreach (string[] row in rows.Skip(2))
        {
            text.Append(Wrap(row[0], Indent));
            for (int i = 1; i < row.Length; i++)
                if (row[i].Length > 0) text.Append(Wrap(rows[0][i].Length > 0 ? rows[0][i] + colon + row[i] : row[i], Indent + Indent));
            text.Append('\n');
        }
    }

    private static string[] Cells(string line) =>
        [.. line.Replace(@"\|", "\0", StringComparison.Ordinal).Trim('|').Split('|').Select(cell => Plain(cell.Trim().Replace('\0', '|')))];

    private static string Plain(string text)
    {
        text = PlainText.WithoutMarks(Links().Replace(text, "$1"));
        return WhiteSpace().Replace(text, " ").Trim();
    }

    private static string Wrap(string text, string indent)
    {
        var wrapped = new StringBuilder();
        var line = new StringBuilder(indent);

        // A mark of French that stands behind a space begins no line.
        foreach (string word in SpacesBeforeMarks().Replace(text, "\u00A0").Split(' '))
        {
            if (line.Length > indent.Length && line.Length + 1 + word.Length > Columns)
            {
                wrapped.Append(line).Append('\n');
                line.Clear().Append(indent);
            }

            if (line.Length > indent.Length) line.Append(' ');
            line.Append(word);
        }

        return wrapped.Append(line).Append('\n').ToString();
    }

    [GeneratedRegex(@"\n\s*\n(?=(?:[^`]|`(?!``))*(?:```(?:[^`]|`(?!``))*```(?:[^`]|`(?!``))*)*\z)")]
    private static partial Regex BlankLines();

    [GeneratedRegex(@" (?=[:;!?»](?:\s|\z))")]
    private static partial Regex SpacesBeforeMarks();

    [GeneratedRegex(@"(?:\A|\n)- ")]
    private static partial Regex Items();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
