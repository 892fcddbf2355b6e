using System.Globalization;
using System.Management.Automation;
using System.Text;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Writes saved destinations into files that can live in version control.</summary>
[Cmdlet(VerbsData.Export, "SegmentDestination", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportSegmentDestinationCommand : PSCmdlet
{
    private const string FileEnding = ".json";

    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly List<string> _names = [];

    /// <summary>Names of destinations.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>A folder, or a file for one destination.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Writes over files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the files.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Folder of the journal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            string path = FilePaths.Literal(SessionState, Path);
            var destinations = Find();
            bool isFile = !Directory.Exists(path) && (File.Exists(path) || path.EndsWith(FileEnding, StringComparison.OrdinalIgnoreCase));
            if (isFile && destinations.Count > 1)
            {
                throw new SegmentPushException(
                    "OneFileForMany",
                    string.Create(CultureInfo.InvariantCulture, $"'{path}' is a file for one destination, and there are {destinations.Count}."),
                    "Give a folder with -Path.",
                    path);
            }

            foreach (var destination in destinations)
                Write(destination, isFile ? path : System.IO.Path.Combine(path, DestinationText.FileNameOf(destination.Name)));
        }
        catch (SegmentPushException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    private List<SegmentDestination> Find()
    {
        using var journal = PushJournal.Open(JournalPath is null ? null : GetUnresolvedProviderPathFromPSPath(JournalPath));
        var found = new List<SegmentDestination>();
        foreach (string name in _names)
        {
            try
            {
                var destination = DestinationStore.Get(journal, name);
                if (found.TrueForAll(other => other.Name != destination.Name)) found.Add(destination);
            }
            catch (SegmentPushException error) when (error.ErrorId == "DestinationNotFound")
            {
                WriteError(ErrorRecords.From(error));
            }
        }

        return found;
    }

    private void Write(SegmentDestination destination, string path)
    {
        if (File.Exists(path) && !Force)
        {
            WriteError(ErrorRecords.From(new SegmentPushException(
                "FileExists", $"The destination '{destination.Name}' was not exported: '{path}' exists.", "Write over it with -Force, or give another path.", path)));
            return;
        }

        if (!ShouldProcess(path, $"Export destination '{destination.Name}'")) return;
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            File.WriteAllText(path, DestinationText.Write(destination, withSchema: true) + "\n", s_encoding);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(ErrorRecords.From(new SegmentPushException(
                "FileNotWritable", $"The destination '{destination.Name}' was not exported: {e.Message}", "Give a path that this user may write.", path, e)));
            return;
        }

        if (PassThru) WriteObject(new FileInfo(path));
    }
}
