using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows the fields of people that the instance has.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoField")]
[OutputType(typeof(LeadField))]
public sealed class GetMarketoFieldCommand : MarketoCommand
{
    /// <summary>REST API names or names in Marketo's UI, with wildcards; all fields where none is given.</summary>
    [Parameter(Position = 0)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FieldCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Fields only that find people.</summary>
    [Parameter]
    public SwitchParameter Searchable { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        LeadField[] fields = [.. Await(connection, stop => connection.Facts.DescribeAsync(stop)).Where(field => !Searchable || field.Searchable)];
        if (Name.Length == 0) WriteObject(fields, enumerateCollection: true);
        foreach (string name in Name) RunEach(name, () => WriteObject(Matching(fields, name), enumerateCollection: true));
    }

    private static LeadField[] Matching(LeadField[] fields, string name)
    {
        var means = NamePattern.Matcher(name);
        LeadField[] found = [.. fields.Where(field => means(field.Name) || means(field.DisplayName))];
        if (found.Length > 0 || NamePattern.IsPattern(name)) return found;
        var near = NearestNames.Of(name, [.. fields.Select(field => field.Name)]);
        throw new SegmentPushException(
            "FieldNotFound",
            $"The instance has no field '{name}'.",
            near.Count > 0 ? (MessageText)$"Nearest names: {string.Join(", ", near.Select(n => $"'{n}'"))}." : "Get-MarketoField without -Name shows all.",
            name);
    }
}
