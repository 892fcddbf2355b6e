using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Shows the people on a static list.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoStaticListMember")]
[OutputType(typeof(StaticListMember))]
public sealed class GetMarketoStaticListMemberCommand : MarketoCommand
{
    /// <summary>The list: id, ST1021A1, its address, or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("StaticListId", "Id")]
    [AllowEmptyString]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string StaticList { get; set; } = string.Empty;

    /// <summary>Further fields to show, by REST API name.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(FieldCompleter))]
    public string[] Field { get; set; } = [];

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        RunEach(StaticList, () => Write(connection));
    }

    private void Write(MarketoConnection connection)
    {
        var reference = StaticListReference.Parse(StaticList);
        reference.CheckInstance(connection.StaticLists);
        long id = reference.Id
            ?? Await(connection, stop => reference.ResolveAsync(connection.StaticLists, stop)).Id;
        try
        {
            WriteMembers(connection, id);
        }
        catch (MarketoException error) when (error.ErrorId == "StaticListNotFound")
        {
            // The call of the members knows a number alone.
            throw StaticListReference.NotFound(id, error);
        }
    }

    private void WriteMembers(MarketoConnection connection, long id)
    {
        foreach (var member in Stream(connection, connection.StaticLists.GetMembersAsync(id, Field, StopToken)))
        {
            var shown = PSObject.AsPSObject(member);

            // Its own view shows the values of the further fields.
            if (Field.Length > 0) shown.TypeNames.Insert(0, $"{typeof(StaticListMember).FullName}#Field");
            foreach (string field in Field)
            {
                if (shown.Properties[field] is null) shown.Properties.Add(new PSNoteProperty(field, member.MoreFields[field]));
            }

            WriteObject(shown);
        }
    }
}
