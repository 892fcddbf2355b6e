using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Puts the membership of a list back as it was before a push.</summary>
[Cmdlet(VerbsCommon.Undo, "SegmentPush", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PushStatus), typeof(PushPlan), typeof(PersonPlan))]
public sealed class UndoSegmentPushCommand : MarketoCommand
{
    private EventPump? _push;
    private PushRecords? _records;

    /// <summary>Ids of pushes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [PushIdTransformation]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Lets removals through that the guard would stop, and does not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Undoes the push also where a later push or an earlier undo has changed the list.</summary>
    [Parameter]
    public SwitchParameter Alone { get; set; }

    /// <summary>Emits what would be done with each person, too, where nothing is done.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Most people that may be taken off the list.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxRemovals { get; set; }

    /// <summary>How long to wait for another push into the same list.</summary>
    [Parameter]
    [SecondsTransformation]
    public TimeSpan WaitForList { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <summary>How long to wait for the database of a shared journal where it can't be reached.</summary>
    [Parameter]
    [SecondsTransformation]
    public TimeSpan? JournalTimeout { get; set; }

    /// <summary>The connection; that of the destination's account, or the session's default, where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    /// <summary>File for a log of JSON lines.</summary>
    [Parameter]
    [NotBlank]
    public string? LogPath { get; set; }

    /// <summary>Writes an entry for each push into the system's log.</summary>
    [Parameter]
    public SwitchParameter EventLog { get; set; }

    private PushRecords Records => _records ??= new PushRecords(this) { Path = LogPath, HasEntry = EventLog };

    private protected override void Process()
    {
        foreach (var id in FindIds(Id, Journal)) Undo(id);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _push?.Dispose();
        base.Dispose(disposing);
    }

    private void Undo(Guid id)
    {
        try
        {
            var (undone, off, on) = Find(id);
            var connection = ConnectionFor(undone, Connection, JournalOf(Journal));
            var options = new UndoOptions
            {
                Sending = new ResumeOptions
                {
                    Connection = connection,
                    Bulk = BulkOptions.FromEnvironment(),
                    WaitForList = WaitForList,
                    Journal = JournalOf(Journal, JournalTimeout),
                },
                Force = Force,
                Alone = Alone,
                MaxRemovals = MaxRemovals,
            };

            // What others, and newer pushes, have done to these people since is known once the list has been read.
            if (!ApprovesHard(QuestionOf(undone, off, on), Force, out bool isWhatIf))
            {
                if (isWhatIf) WritePlan(options, id);
                return;
            }

            _push = new EventPump(Push.UndoAsync(options, id, StopToken), new PushStreams(this, connection, isOneOfMany: true, records: Records), StopToken);
            _push.WriteAll();
        }
        catch (SegmentPushException error) when (error.ErrorId != NoAnswer)
        {
            WriteError(ErrorRecords.From(error, id));
        }
        finally
        {
            _push?.Dispose();
            _push = null;
        }
    }

    private MessageText QuestionOf(PushStatus undone, long off, long on) => (off, on, (bool)Alone) switch
    {
        (_, 0, false) => (MessageText)$"Take at most {Counted.People(off)} off static list '{undone.StaticListName}', to undo push {undone.ShortId}",
        (_, 0, true) => (MessageText)$"Take at most {Counted.People(off)} off static list '{undone.StaticListName}', to undo push {undone.ShortId} alone",
        (0, _, false) => (MessageText)$"Put at most {Counted.People(on)} on static list '{undone.StaticListName}', to undo push {undone.ShortId}",
        (0, _, true) => (MessageText)$"Put at most {Counted.People(on)} on static list '{undone.StaticListName}', to undo push {undone.ShortId} alone",
        (_, _, false) => (MessageText)$"Take at most {Counted.People(off)} off static list '{undone.StaticListName}' and put at most {Counted.Number(on)} on it, to undo push {undone.ShortId}",
        (_, _, true) => (MessageText)$"Take at most {Counted.People(off)} off static list '{undone.StaticListName}' and put at most {Counted.Number(on)} on it, to undo push {undone.ShortId} alone",
    };

    private void WritePlan(UndoOptions options, Guid id)
    {
        var people = new List<PersonPlan>();
        var warnings = new List<MessageText>();
        var plan = Await(options.Sending.Connection, stop => Push.PlanUndoAsync(options, id, stop, Detailed ? people.Add : null, warnings.Add));
        foreach (var warning in warnings) WriteWarning(warning);
        WriteObject(people, enumerateCollection: true);
        WriteObject(plan);
    }

    private (PushStatus Undone, long Off, long On) Find(Guid id)
    {
        using var journal = ReadJournal(Journal);
        var undone = UndoablePush.Find(journal, id, Alone);
        var (off, on) = UndoablePush.CountAtMost(journal, undone);
        return (undone, off, on);
    }
}
