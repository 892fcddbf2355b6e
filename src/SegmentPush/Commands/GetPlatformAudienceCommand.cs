using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Platform;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows audiences of Experience Platform.</summary>
[Cmdlet(VerbsCommon.Get, "PlatformAudience", DefaultParameterSetName = ByName)]
[OutputType(typeof(PlatformAudience))]
public sealed class GetPlatformAudienceCommand : PlatformCommand
{
    private const string ByName = "Name";
    private const string ById = "Id";

    private IReadOnlyDictionary<string, AudienceCount>? _counts;

    /// <summary>Names, with wildcards; all audiences of people where none is given.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AudienceCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids of audiences.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? Id { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        if (ParameterSetName == ById)
        {
            foreach (string id in CheckedPlatformIds(Id, "audience", "Get-PlatformAudience shows the audiences.")) RunEach(id, () => ShowById(connection, id));
            return;
        }

        if (Name.Length == 0) ShowMatching(connection, "*");
        foreach (string name in Name) RunEach(name, () => ShowMatching(connection, name));
    }

    private void ShowMatching(PlatformConnection connection, string name)
    {
        if (name != "*")
        {
            // A name may hold what would be a wildcard elsewhere.
            var named = Await(connection, stop => connection.Audiences.FindByNameAsync(NamePattern.Plain(name), stop));
            foreach (var audience in named) Show(connection, audience);
            if (named.Count > 0) return;
            if (!NamePattern.IsPattern(name)) throw NotFound(name);
        }

        var means = NamePattern.Matcher(name);
        foreach (var audience in Stream(connection, connection.Audiences.GetAsync(null, StopToken)))
        {
            if (means(audience.Name)) Show(connection, audience);
        }
    }

    // Its last evaluation may be older than those that the list of audiences looks at.
    private void ShowById(PlatformConnection connection, string id)
    {
        var audience = Await(connection, stop => connection.Audiences.FindByIdAsync(id.Trim(), stop)) ?? throw NotFound(id);
        WriteObject(Await(connection, stop => connection.Counts.FillAsync(audience, stop)));
    }

    private void Show(PlatformConnection connection, PlatformAudience audience)
    {
        _counts ??= Await(connection, connection.Counts.GetAsync);
        WriteObject(AudienceCounts.Fill(audience, _counts));
    }

    private static SegmentPushException NotFound(string name) => new(
        "AudienceNotFound",
        $"This sandbox has no audience '{name}' that the API credential may see.",
        "Get-PlatformAudience without -Name shows all audiences of people.",
        name);
}
