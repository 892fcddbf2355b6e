using System.Xml.Linq;

namespace SegmentPush.HelpBuilder;

/// <summary>Writes pages as MAML, the form in which PowerShell reads a module's help.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace s_msh = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Writes a help file.</summary>
    public static void Write(string path, IEnumerable<CmdletPage> pages, HelpWords words) =>
        new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement(s_msh + "helpItems", new XAttribute("schema", "maml"), pages.Select(page => Command(page, words)))).Save(path);

    private static XElement Command(CmdletPage page, HelpWords words)
    {
        string[] name = page.Name.Split('-', 2);
        return new XElement(
            s_command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", s_maml),
            new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            new XElement(
                s_command + "details",
                new XElement(s_command + "name", page.Name),
                new XElement(s_command + "verb", name[0]),
                new XElement(s_command + "noun", name[1]),
                new XElement(s_maml + "description", Paras([page.Synopsis]))),
            new XElement(s_maml + "description", Paras(page.Description)),
            new XElement(s_command + "syntax", page.ParameterSets.Select(set => SyntaxItem(page, set))),
            new XElement(s_command + "parameters", page.Parameters.Select(parameter => Parameter(parameter, Whole(parameter), withText: true))),
            new XElement(s_command + "inputTypes", page.Inputs.Select(type => new XElement(s_command + "inputType", TypeOf(type)))),
            new XElement(s_command + "returnValues", page.Outputs.Select(type => new XElement(s_command + "returnValue", TypeOf(type)))),
            new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", Paras(page.Notes))),
            new XElement(s_command + "examples", page.Examples.Select(Example)),
            new XElement(s_command + "relatedLinks", Link(words.OnlineVersion, page.Address), page.RelatedLinks.Select(link => Link(link, ""))));
    }

    private static XElement Link(string text, string address) => new(
        s_maml + "navigationLink", new XElement(s_maml + "linkText", text), new XElement(s_maml + "uri", address));

    private static XElement SyntaxItem(CmdletPage page, string set) => new(
        s_command + "syntaxItem",
        new XElement(s_maml + "name", page.Name),
        page.Parameters.Select(parameter => (Parameter: parameter, Set: parameter.In(set))).Where(item => item.Set is not null)
            .OrderBy(item => int.TryParse(item.Set!.Position, out int position) ? position : int.MaxValue)
            .ThenByDescending(item => item.Set!.IsRequired)
            .Select(item => Parameter(item.Parameter, item.Set!, withText: false)));

    /// <summary>A parameter over all of its sets: what is so in one of them.</summary>
    private static ParameterSetText Whole(ParameterText parameter)
    {
        var sets = parameter.Facts.ParameterSets;
        return sets[0] with
        {
            IsRequired = sets.Exists(set => set.IsRequired),
            ValueFromPipeline = sets.Exists(set => set.ValueFromPipeline),
            ValueFromPipelineByPropertyName = sets.Exists(set => set.ValueFromPipelineByPropertyName),
        };
    }

    private static XElement Parameter(ParameterText parameter, ParameterSetText set, bool withText)
    {
        var facts = parameter.Facts;
        string type = ShortName(facts.Type);
        var value = facts.AcceptedValues.Count > 0 && type != "SwitchParameter" && !withText
            ? new XElement(s_command + "parameterValueGroup", facts.AcceptedValues.Select(Value))
            : type == "SwitchParameter" ? null : Value(type);
        return new XElement(
            s_command + "parameter",
            new XAttribute("required", set.IsRequired),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", facts.SupportsWildcards),
            new XAttribute("pipelineInput", Pipeline(set)),
            new XAttribute("position", set.Position.ToLowerInvariant()),
            new XAttribute("aliases", facts.Aliases.Count > 0 ? string.Join(", ", facts.Aliases) : "none"),
            new XElement(s_maml + "name", parameter.Name),
            withText ? new XElement(s_maml + "description", Paras(parameter.Description)) : null,
            value,
            TypeOf(type),
            new XElement(s_dev + "defaultValue", facts.DefaultValue));
    }

    private static XElement Value(string text) => new(
        s_command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), text);

    private static string Pipeline(ParameterSetText set) => (set.ValueFromPipeline, set.ValueFromPipelineByPropertyName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        (false, false) => "False",
    };

    private static string ShortName(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static XElement Example(ExampleText example) => new(
        s_command + "example",
        new XElement(s_maml + "title", example.Title),
        new XElement(s_dev + "code", example.Code),
        new XElement(s_dev + "remarks", Paras(example.Remarks)));

    private static XElement TypeOf(string name) => new(s_dev + "type", new XElement(s_maml + "name", name), new XElement(s_maml + "uri"));

    private static IEnumerable<XElement> Paras(IEnumerable<string> texts) => texts.Select(text => new XElement(s_maml + "para", text));
}
