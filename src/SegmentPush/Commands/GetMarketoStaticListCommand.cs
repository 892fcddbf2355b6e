using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows static lists of an instance.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoStaticList", DefaultParameterSetName = ByName)]
[OutputType(typeof(StaticList))]
public sealed class GetMarketoStaticListCommand : MarketoCommand
{
    private const string ByName = "Name";
    private const string ById = "Id";

    /// <summary>Names, with wildcards; all lists where none is given.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids, in any form that names a list by its id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true)]
    [Alias("StaticListId")]
    [AllowEmptyString]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        if (ParameterSetName == ById) WriteById(connection);
        else if (Name.Length == 0) WriteMatching(connection, "*");
        else foreach (string name in Name) RunEach(name, () => WriteMatching(connection, name));
    }

    private void WriteById(MarketoConnection connection)
    {
        foreach (string text in Id)
        {
            RunEach(text, () => WriteObject(Await(connection, stop => StaticListReference.Parse(text).ResolveAsync(connection.StaticLists, stop))));
        }
    }

    private void WriteMatching(MarketoConnection connection, string name)
    {
        var named = Await(connection, stop => connection.StaticLists.FindByNameAsync(NamePattern.Plain(name), stop));
        if (named.Found.Count == 0 && NamePattern.IsPattern(name))
        {
            var means = NamePattern.Matcher(name);
            foreach (var list in Stream(connection, connection.StaticLists.GetAsync(null, StopToken)))
            {
                if (means(list.Name)) WriteObject(list);
            }

            return;
        }

        // What is no name may be an id, as every other cmdlet takes it.
        if (named.Found.Count == 0 && StaticListReference.Parse(name) is { Id: not null } reference)
        {
            WriteObject(Await(connection, stop => reference.ResolveAsync(connection.StaticLists, stop)));
            return;
        }

        WriteObject(named.Found, enumerateCollection: true);
        if (named.Found.Count == 0) WriteError(ErrorRecords.From(named.NotFound()));
    }
}
