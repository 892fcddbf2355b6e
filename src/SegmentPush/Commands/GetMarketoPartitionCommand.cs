using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows the lead partitions that the API-only user may see.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoPartition")]
[OutputType(typeof(LeadPartition))]
public sealed class GetMarketoPartitionCommand : MarketoCommand
{
    /// <summary>Names, with wildcards; all partitions where none is given.</summary>
    [Parameter(Position = 0)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PartitionCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        var partitions = Await(connection, stop => connection.Facts.GetPartitionsAsync(stop));
        if (Name.Length == 0) WriteObject(partitions, enumerateCollection: true);
        foreach (string name in Name) RunEach(name, () => WriteObject(Matching(partitions, name), enumerateCollection: true));
    }

    private static LeadPartition[] Matching(IReadOnlyList<LeadPartition> partitions, string name)
    {
        var means = NamePattern.Matcher(name);
        LeadPartition[] found = [.. partitions.Where(partition => means(partition.Name))];
        return found.Length > 0 || NamePattern.IsPattern(name) ? found : throw new SegmentPushException(
            "PartitionNotFound",
            $"The instance has no lead partition '{name}' that the API-only user may see.",
            $"There are: {string.Join(", ", partitions.Select(partition => $"'{partition.Name}'"))}.",
            name);
    }
}
