using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Writes the proof of a push as JSON: who was received, and whom the list held before and after.</summary>
[Cmdlet(VerbsData.Export, "PushReceipt", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportPushReceiptCommand : PSCmdlet
{
    /// <summary>Ids of pushes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public Guid[] Id { get; set; } = [];

    /// <summary>File for the receipt of one push, or folder for those of several; the pipeline where none is given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Folder of the journal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            using var journal = PushJournal.Open(JournalPath is null ? null : GetUnresolvedProviderPathFromPSPath(JournalPath));
            foreach (var id in Id) Write(journal, id);
        }
        catch (SegmentPushException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
    }

    private void Write(PushJournal journal, Guid id)
    {
        if (journal.GetPushes(new PushFilter { Ids = [id] }) is not [var push])
        {
            WriteError(ErrorRecords.From(PushJournal.NotFound(id)));
            return;
        }

        string text = PushReceipt.Of(push, PushReceipt.ParseList(journal.GetReceipt(id))).ToText();
        if (Path is null)
        {
            WriteObject(text);
            return;
        }

        string path = GetUnresolvedProviderPathFromPSPath(Path);
        if (Directory.Exists(path)) path = System.IO.Path.Combine(path, $"receipt-{id}.json");
        if (!ShouldProcess(path, $"Write the receipt of push {id}")) return;
        try
        {
            using var file = new StreamWriter(new FileStream(path, Force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write));
            file.Write(text + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool exists = !Force && File.Exists(path);
            WriteError(ErrorRecords.From(exists
                ? new SegmentPushException("FileExists", $"'{path}' exists already.", "Give another path, a folder, or -Force.", path)
                : new SegmentPushException("FileNotWritable", $"'{path}' can't be written: {e.Message}", "Check the path and who may write there.", path, e)));
            return;
        }

        WriteObject(new FileInfo(path));
    }
}
