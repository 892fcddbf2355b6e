using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace SegmentPush.HelpBuilder;

/// <summary>How a parameter stands in one parameter set.</summary>
internal sealed record ParameterSetText
{
    public string Name { get; init; } = "";

    /// <summary>A number from 0, or Named.</summary>
    public string Position { get; init; } = "";

    public bool IsRequired { get; init; }

    public bool ValueFromPipeline { get; init; }

    public bool ValueFromPipelineByPropertyName { get; init; }
}

/// <summary>The facts below a parameter's description.</summary>
internal sealed record ParameterFacts
{
    /// <summary>Full name of its .NET type.</summary>
    public string Type { get; init; } = "";

    public string DefaultValue { get; init; } = "";

    public bool SupportsWildcards { get; init; }

    public List<string> Aliases { get; init; } = [];

    public List<ParameterSetText> ParameterSets { get; init; } = [];

    public List<string> AcceptedValues { get; init; } = [];
}

/// <summary>A parameter's description and the facts below it.</summary>
internal sealed record ParameterText(string Name, IReadOnlyList<string> Description, ParameterFacts Facts)
{
    /// <summary>How it stands in a set; null where it is not in it.</summary>
    public ParameterSetText? In(string set) => Facts.ParameterSets.FirstOrDefault(item => item.Name == set || item.Name == "(All)");
}

/// <summary>An example: its title, its code, and what is said about it.</summary>
internal sealed record ExampleText(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A cmdlet's page in platyPS form.</summary>
internal sealed partial class CmdletPage
{
    public required string Name { get; init; }

    /// <summary>Where the page can be read online.</summary>
    public required string Address { get; init; }

    public required string Synopsis { get; init; }

    public required IReadOnlyList<string> Description { get; init; }

    public required IReadOnlyList<string> ParameterSets { get; init; }

    public required IReadOnlyList<ParameterText> Parameters { get; init; }

    public required IReadOnlyList<ExampleText> Examples { get; init; }

    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> RelatedLinks { get; init; }

    private static readonly IDeserializer s_yaml = new DeserializerBuilder().IgnoreUnmatchedProperties().Build();

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">A part is missing.</exception>
    public static CmdletPage Read(string path)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var document = Markdown.Parse(text, new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePreciseSourceLocation().Build());
        var sections = Split(document.ToList(), 2, text);
        var parameters = Split(Section("PARAMETERS"), 3, text)
            .Where(part => part.Title.StartsWith('-'))
            .Select(part => new ParameterText(part.Title[1..], Texts(part.Blocks, text), Facts(part)))
            .ToArray();
        return new CmdletPage
        {
            Name = document.OfType<HeadingBlock>().Where(heading => heading.Level == 1).Select(heading => Title(heading, text)).Single(),
            Address = document.OfType<YamlFrontMatterBlock>().SelectMany(block => block.Lines.ToString().Split('\n'))
                .Where(line => line.StartsWith("HelpUri: ", StringComparison.Ordinal)).Select(line => line["HelpUri: ".Length..].Trim()).SingleOrDefault("") is [_, ..] address
                ? address
                : throw new FormatException($"{path} has no HelpUri."),
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

    private static ParameterFacts Facts((string Title, IReadOnlyList<Block> Blocks) part)
    {
        var block = part.Blocks.OfType<FencedCodeBlock>().LastOrDefault(block => block.Info == "yaml")
            ?? throw new FormatException($"The parameter {part.Title} has no facts.");
        try
        {
            return s_yaml.Deserialize<ParameterFacts>(Code(block));
        }
        catch (YamlException error)
        {
            throw new FormatException($"The facts of the parameter {part.Title} can't be read: {error.Message}");
        }
    }

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
        return WhiteSpace().Replace(PlainText.WithoutMarks(source), " ").Trim();
    }

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\A\s*[-*]\s+")]
    private static partial Regex ListMark();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
