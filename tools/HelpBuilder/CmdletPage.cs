using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;

namespace SegmentPush.HelpBuilder;

/// <summary>A parameter's description and the facts below it.</summary>
internal sealed record ParameterText(string Name, IReadOnlyList<string> Description, IReadOnlyDictionary<string, string> Facts)
{
    public string Fact(string name) => Facts.TryGetValue(name, out string? value) ? value : throw new FormatException(
        $"The parameter -{Name} has no '{name}'.");

    public bool IsIn(string set) =>
        Fact("Parameter Sets") == "(All)" || Fact("Parameter Sets").Split(',', StringSplitOptions.TrimEntries).Contains(set);
}

/// <summary>An example: its title, its code, and what is said about it.</summary>
internal sealed record ExampleText(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A cmdlet's page in platyPS form.</summary>
internal sealed partial class CmdletPage
{
    public required string Name { get; init; }

    public required string Synopsis { get; init; }

    public required IReadOnlyList<string> Description { get; init; }

    public required IReadOnlyList<string> ParameterSets { get; init; }

    public required IReadOnlyList<ParameterText> Parameters { get; init; }

    public required IReadOnlyList<ExampleText> Examples { get; init; }

    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> RelatedLinks { get; init; }

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">A part is missing.</exception>
    public static CmdletPage Read(string path)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var document = Markdown.Parse(text, new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePreciseSourceLocation().Build());
        var sections = Split(document.ToList(), 2, text);
        var parameters = Split(Section("PARAMETERS"), 3, text)
            .Where(part => part.Title.StartsWith('-'))
            .Select(part => new ParameterText(part.Title[1..], Texts(part.Blocks, text), Facts(part.Blocks)))
            .ToArray();
        return new CmdletPage
        {
            Name = document.OfType<HeadingBlock>().Where(heading => heading.Level == 1).Select(heading => Title(heading, text)).Single(),
            Synopsis = string.Join(" ", Texts(Section("SYNOPSIS"), text)),
            Description = Texts(Section("DESCRIPTION"), text),
            ParameterSets = Split(Section("SYNTAX"), 3, text) is [_, ..] sets
                ? [.. sets.Select(part => part.Title.Replace(" (Default)", "", StringComparison.Ordinal))]
                : ["(All)"],
            Parameters = parameters,
            Examples = [.. Split(Section("EXAMPLES"), 3, text).Select(part => new ExampleText(
                part.Title, string.Join("\n\n", part.Blocks.OfType<FencedCodeBlock>().Select(Code)), Texts(part.Blocks, text)))],
            Inputs = Titles("INPUTS"),
            Outputs = Titles("OUTPUTS"),
            Notes = Texts(Section("NOTES"), text),
            RelatedLinks = [.. Links().Matches(string.Join("\n", Texts(Section("RELATED LINKS"), text, keepLinks: true))).Select(m => m.Groups[1].Value)],
        };

        IReadOnlyList<Block> Section(string title) =>
            sections.FirstOrDefault(part => part.Title == title).Blocks
            ?? throw new FormatException($"{path} has no section {title}.");

        IReadOnlyList<string> Titles(string title) => [.. Split(Section(title), 3, text).Select(part => part.Title)];
    }

    private static List<(string Title, IReadOnlyList<Block> Blocks)> Split(IReadOnlyList<Block> blocks, int level, string text)
    {
        var parts = new List<(string, IReadOnlyList<Block>)>();
        for (int i = 0; i < blocks.Count; i++)
        {
            if (blocks[i] is not HeadingBlock heading || heading.Level != level) continue;
            var inside = blocks.Skip(i + 1).TakeWhile(b => b is not HeadingBlock next || next.Level > level).ToArray();
            parts.Add((Title(heading, text), inside));
        }

        return parts;
    }

    private static string Title(HeadingBlock heading, string text) =>
        text.Substring(heading.Span.Start, heading.Span.Length).TrimStart('#').Trim();

    private static Dictionary<string, string> Facts(IReadOnlyList<Block> blocks) =>
        blocks.OfType<FencedCodeBlock>().Where(block => block.Info == "yaml")
            .SelectMany(block => Code(block).Split('\n'))
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);

    private static string Code(FencedCodeBlock block) => block.Lines.ToString().TrimEnd();

    private static string[] Texts(IReadOnlyList<Block> blocks, string text, bool keepLinks = false) =>
    [
        .. blocks.Where(block => block is ParagraphBlock or ListBlock)
            .SelectMany(block => block is ListBlock list ? list.Select(item => "- " + Plain(item, text, keepLinks)) : [Plain(block, text, keepLinks)]),
    ];

    // Get-Help shows plain text: of a link only its words, of emphasis and code only what they hold.
    private static string Plain(MarkdownObject block, string text, bool keepLinks)
    {
        string source = text.Substring(block.Span.Start, block.Span.Length);
        source = ListMark().Replace(source, "");
        if (!keepLinks) source = Links().Replace(source, "$1");
        return WhiteSpace().Replace(source.Replace("**", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal), " ").Trim();
    }

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\A\s*[-*]\s+")]
    private static partial Regex ListMark();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
