using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows the folders and programs that static lists can lie in.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoFolder")]
[OutputType(typeof(Folder))]
public sealed class GetMarketoFolderCommand : MarketoCommand
{
    /// <summary>Names, with wildcards; all folders where none is given.</summary>
    [Parameter(Position = 0)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Folder or program in which they lie, at any depth.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? Root { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        var reference = Root is null ? null : FolderReference.Parse(Root);
        var root = reference is null ? null : Await(connection, stop => reference.ResolveAsync(connection.Folders, stop));
        var left = Name.ToHashSet(StringComparer.OrdinalIgnoreCase);
        (string Name, Func<string, bool> Means)[] patterns = [.. left.Select(name => (name, NamePattern.Matcher(name)))];
        foreach (var folder in Stream(connection, connection.Folders.GetAsync(root, StopToken)))
        {
            string[] matching = [.. patterns.Where(pattern => pattern.Means(folder.Name)).Select(pattern => pattern.Name)];
            if (patterns.Length > 0 && matching.Length == 0) continue;
            left.ExceptWith(matching);
            WriteObject(folder);
        }

        foreach (string name in left.Where(name => !NamePattern.IsPattern(name))) RunEach(name, () => throw NotFound(name));
    }

    private static SegmentPushException NotFound(string name) => new(
        "FolderNotFound", $"There is no folder or program '{name}' that the API-only user may see.", "Get-MarketoFolder without -Name shows all.", name);
}
