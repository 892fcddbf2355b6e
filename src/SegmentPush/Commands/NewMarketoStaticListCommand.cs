using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Creates a static list.</summary>
[Cmdlet(VerbsCommon.New, "MarketoStaticList", SupportsShouldProcess = true)]
[OutputType(typeof(StaticList))]
public sealed class NewMarketoStaticListCommand : MarketoCommand
{
    /// <summary>Name of the list.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string Name { get; set; } = string.Empty;

    /// <summary>Folder or program that it will lie in: an id, or a folder's name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string Folder { get; set; } = string.Empty;

    /// <summary>Description of the list.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        var reference = FolderReference.Parse(Folder);
        var folder = Await(connection, stop => reference.ResolveAsync(connection.Folders, stop));
        if (!ShouldProcess($"static list '{Name}' in {folder} of {connection}", "Create")) return;
        WriteObject(Await(connection, stop => connection.StaticLists.CreateAsync(Name, folder, Description, stop)));
    }
}
