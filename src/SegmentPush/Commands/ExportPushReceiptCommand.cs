using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Writes the proof of a push as JSON: who was received, and who was on the list before and after.</summary>
[Cmdlet(VerbsData.Export, "PushReceipt", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportPushReceiptCommand : ModuleCommand
{
    private static readonly OutputKind s_receipt = new("receipt");

    private readonly List<string> _ids = [];

    /// <summary>Ids of pushes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [PushIdTransformation]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>File for the receipt of one push, or folder for those of several; the pipeline where none is given.</summary>
    [Parameter(Position = 1)]
    [NotBlank]
    public string? Path { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process() => _ids.AddRange(CheckedIds(Id));

    private protected override void End()
    {
        var place = Path is null ? null : OutputPlace.Of(SessionState, Path);
        using var journal = ReadJournal(Journal);
        Guid[] ids = [.. FindIds(journal, [.. _ids]).Distinct()];
        place?.CheckTakes(ids.Length, "receipts");
        foreach (var id in ids) RunEach(id, () => Write(journal, id, place));
    }

    private void Write(PushJournal journal, Guid id, OutputPlace? place)
    {
        var push = journal.History.Get(id);
        string text = PushReceipt.Of(push, PushReceipt.ParseList(journal.Pushes.GetReceipt(id))).ToText();
        if (place is null)
        {
            WriteObject(text);
            return;
        }

        var file = place.FileFor($"receipt-{id}.json", s_receipt);
        file.CheckIsNoSource(push.SourceFiles);
        file.CheckReplaces(Force);
        if (!ShouldProcess(MessageText.AsIs(file.Path), $"Write the receipt of push {push.ShortId}")) return;
        file.WriteText(Force, text + "\n");
        WriteFile(file.Path);
    }
}
