using System.Globalization;
using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Saves destinations that files hold, as Export-SegmentDestination writes them.</summary>
[Cmdlet(VerbsData.Import, "SegmentDestination", DefaultParameterSetName = FromPath, SupportsShouldProcess = true)]
[OutputType(typeof(SegmentDestination))]
public sealed class ImportSegmentDestinationCommand : MarketoCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    private readonly DestinationConnections _connections;
    private readonly Dictionary<string, string> _fileOf = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the cmdlet.</summary>
    public ImportSegmentDestinationCommand() => _connections = new DestinationConnections(this);

    /// <summary>Files and folders, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files and folders, taken as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Name of the saved account that the destinations get instead of their own.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string? Account { get; set; }

    /// <summary>The connection for the check.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        using var journal = PushJournal.Open(JournalOf(Journal));
        if (ParameterSetName == FromLiteralPath)
        {
            foreach (string path in LiteralPath) ImportAll(journal, path, () => [FilePaths.Literal(SessionState, path)]);
        }
        else
        {
            foreach (string path in Path) ImportAll(journal, path, () => FilePaths.Resolve(SessionState, path));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _connections.Dispose();
        base.Dispose(disposing);
    }

    private void ImportAll(PushJournal journal, string path, Func<IReadOnlyList<string>> find)
    {
        IReadOnlyList<string> files = [];
        RunEach(path, () => files = [.. find().SelectMany(FilesOf)]);
        foreach (string file in files) RunEach(file, () => Import(journal, file));
    }

    // A folder stands for what Export-SegmentDestination has written there.
    private static string[] FilesOf(string path)
    {
        if (!Directory.Exists(path)) return [path];
        string[] files = [.. Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new SegmentPushException(
            "FileNotFound", $"The folder '{path}' has no file of a destination.", "Give the folder that Export-SegmentDestination has written into; its files end with .json.", path);
    }

    private void Import(PushJournal journal, string file)
    {
        var read = DestinationText.Read(TextOf(file), $"'{file}'");
        try
        {
            var accounts = new AccountStore();
            var account = Account is not null ? accounts.Get(Account) : read.Account is { } name ? accounts.Find(name) : null;
            var destination = DestinationCheck.Checked(read with { Account = account?.Name ?? read.Account });
            if (_fileOf.TryGetValue(destination.Name, out string? other))
            {
                throw new SegmentPushException(
                    "DestinationTwice", $"The destination '{destination.Name}' came from '{other}' already.", "Give one of them another name.");
            }

            var connection = _connections.For(Connection, account, StopToken) ?? ConnectionOr(null);
            var complete = Check(destination, connection);
            Warn(journal, read, complete, hasAccount: account is not null);
            _fileOf.Add(complete.Name, file);
            bool exists = journal.Destinations.Find(complete.Name) is not null;
            MessageText list = $"static list '{complete.StaticListName}' ({complete.StaticListId})";
            if (!ShouldProcess($"destination '{complete.Name}': {list} of {complete.Instance}", exists ? (MessageText)"Replace" : "Create")) return;
            WriteObject(SavedDestinations.Save(journal, complete, journal.Now));
        }
        catch (SegmentPushException error)
        {
            throw new SegmentPushException(error.ErrorId, $"'{file}' was not imported. {error.Text}", error.Action, file, error);
        }
    }

    private SegmentDestination Check(SegmentDestination destination, MarketoConnection connection)
    {
        if (destination.Instance.Length > 0 && !string.Equals(destination.Instance, connection.Instance, StringComparison.OrdinalIgnoreCase))
        {
            throw new SegmentPushException(
                "OtherInstance",
                $"The destination '{destination.Name}' is of {destination.Instance}, and the connection is to {connection.Instance}.",
                $"Connect to {destination.Instance}; or, to bring the destination to {connection.Instance}, take 'instance' and the list's 'id' out of the file.",
                destination.Name);
        }

        return Await(connection, stop => DestinationCheck.CheckedAsync(destination, connection, stop));
    }

    private void Warn(PushJournal journal, SegmentDestination read, SegmentDestination complete, bool hasAccount)
    {
        if (read.StaticListId != 0 && read.StaticListName.Length > 0 && read.StaticListName.Trim() != complete.StaticListName)
        {
            WriteWarning(
                $"The static list {complete.StaticListId} of the destination '{complete.Name}' is named '{complete.StaticListName}', not '{read.StaticListName}' as in the file. The id counts.");
        }

        if (complete.Account is { } account && !hasAccount)
        {
            WriteWarning(
                $"The destination '{complete.Name}' names the account '{account}', which is not saved here, so it was checked with another connection. "
                + $"Save it with Connect-MarketoLaunchpoint -SaveAs '{account}', or give another one with -Account.");
        }

        foreach (var warning in DestinationCheck.WarningsOf(journal, complete)) WriteWarning(warning);
    }

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegmentPushException("FileNotFound", $"There is no file '{file}'.", "Check the path and the current folder.", file, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException("FileNotReadable", $"'{file}' can't be read: {e.Message}", "Give this user read permission there.", file, e);
        }
    }
}
