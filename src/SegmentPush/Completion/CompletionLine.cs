using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SegmentPush.Commands;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Platform;

namespace SegmentPush.Completion;

/// <summary>The line in which a word is completed.</summary>
/// <param name="Command">Name of the cmdlet.</param>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Word">What has been typed of the word, without quotes.</param>
/// <param name="Ast">The command.</param>
/// <param name="Bound">The arguments that stand in the line already.</param>
internal sealed record CompletionLine(string Command, string Parameter, string Word, CommandAst Ast, IDictionary Bound)
{
    /// <summary>The connection whose instance the line is about; null where there is none.</summary>
    public MarketoConnection? Connection => Value("Connection") as MarketoConnection ?? SessionConnection.Default;

    /// <summary>The connection to Experience Platform that the line is about; null where there is none.</summary>
    public PlatformConnection? PlatformConnection =>
        Value(nameof(PlatformConnection)) as PlatformConnection ?? Value("Connection") as PlatformConnection ?? SessionConnection.Platform;

    /// <summary>The saved account of Experience Platform that the line names; null where it names none.</summary>
    public string? PlatformAccount => Value(nameof(PlatformAccount)) as string;

    /// <summary>Folder of the journal that the line names; null for the user's own.</summary>
    public JournalAddress? Journal => (Value("Journal") ?? Value("JournalPath")) is string text
        ? JournalAddress.Of(JournalAddress.IsDatabase(text) ? text : Resolve("LiteralPath", text).FirstOrDefault() ?? text)
        : null;

    /// <summary>Whether a text begins with what has been typed.</summary>
    public bool IsBegun(string text) => text.StartsWith(Word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The files that the line names, its own or those of a command around it, as in <c>Invoke-SegmentPush a.csv -Mapping (New-SegmentMapping ...)</c>.</summary>
    public IEnumerable<string> Files()
    {
        string[] own = [.. FilesOf("Path", Value("Path")), .. FilesOf("LiteralPath", Value("LiteralPath"))];
        return own.Length > 0 ? own : FilesAround();
    }

    private IEnumerable<string> FilesAround()
    {
        for (var outer = Ast.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is not CommandAst command) continue;
            var bound = StaticParameterBinder.BindCommand(command, resolve: true).BoundParameters;
            foreach (string parameter in new[] { "Path", "LiteralPath" })
            {
                if (!bound.TryGetValue(parameter, out var argument)) continue;
                foreach (string file in FilesOf(parameter, argument.ConstantValue)) yield return file;
            }
        }
    }

    private object? Value(string parameter) => Bound[parameter] is PSObject { BaseObject: var inner } ? inner : Bound[parameter];

    private static IEnumerable<string> FilesOf(string parameter, object? argument) => argument switch
    {
        string path => Resolve(parameter, path),
        IEnumerable several => several.Cast<object?>().SelectMany(item => FilesOf(parameter, item is PSObject { BaseObject: var inner } ? inner : item)),
        _ => [],
    };

    // By the session's own rules for paths, with its drives and its current folder.
    private static IEnumerable<string> Resolve(string parameter, string path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(@"Microsoft.PowerShell.Management\Convert-Path").AddParameter(parameter, path).AddParameter("ErrorAction", ActionPreference.Ignore);
        return [.. shell.Invoke().Select(found => found.ToString())];
    }
}
