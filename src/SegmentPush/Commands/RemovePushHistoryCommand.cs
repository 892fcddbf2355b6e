using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Takes pushes and their people out of the journal.</summary>
[Cmdlet(VerbsCommon.Remove, "PushHistory", DefaultParameterSetName = ByDate, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemovePushHistoryCommand : ModuleCommand
{
    private const string ByDate = "Before";
    private const string ById = "Id";

    private static readonly DateTime s_oldest = new(2000, 1, 1);

    private readonly List<PushStatus> _pushes = [];

    /// <summary>Pushes that ended before this moment.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByDate)]
    public DateTime Before { get; set; }

    /// <summary>Ids of pushes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [PushIdTransformation]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <summary>Removes several pushes without a question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        _ = CheckedIds(Id);
        CheckDate();
        using var journal = ReadJournal(Journal);
        var ids = FindIds(journal, Id);
        if (Id.Length > 0 && ids.Count == 0) return;
        var pushes = journal.History.Get(new PushFilter { Ids = ids });
        foreach (var missing in ids.Except(pushes.Select(push => push.Id))) WriteError(ErrorRecords.From(PushErrors.NotFound(missing), missing));
        _pushes.AddRange(pushes.Where(push => ParameterSetName == ById || push.Ended < Before.ToUniversalTime()));
    }

    // PowerShell makes a bare number a date of the year 1. The user means days.
    private void CheckDate()
    {
        if (ParameterSetName != ByDate || Before >= s_oldest) return;
        throw new SegmentPushException(
            "DateTooEarly",
            $"-Before is a moment, and {ShownTime.Of(Before)} is before any push.",
            "Give a date. For pushes that ended more than 30 days ago: -Before (Get-Date).AddDays(-30).",
            "Before");
    }

    private protected override void End()
    {
        if (_pushes.Count == 0 && ParameterSetName == ByDate) TellRemoved($"No push ended before {ShownTime.Of(Before)}.");
        if (_pushes.Count == 0 || !ApprovesAll(_pushes.Count, Question(), Force)) return;
        int removed = 0;
        using (var journal = ReadJournal(Journal))
        {
            foreach (var push in _pushes.DistinctBy(push => push.Id)) RunEach(push.Id, () => removed += Remove(journal, push) ? 1 : 0);
        }

        if (removed == 0) return;
        TellRemoved(MessageText.Plural(removed, $"{removed:N0} push removed from the journal.", $"{removed:N0} pushes removed from the journal."));
        using var rest = PushJournal.OpenToRead(JournalOf(Journal));
        if (!rest.Lifecycle.TryGiveSpaceBack()) WriteVerbose("The journal's file keeps its size for now, because a push runs.");
    }

    // What goes with them is said before, because nothing brings it back.
    private MessageText Question()
    {
        var (first, last) = (_pushes.Min(push => push.Started), _pushes.Max(push => push.Started));
        return $"Remove {_pushes.Count:N0} pushes of {ShownTime.Of(first)} to {ShownTime.Of(last)} from the journal, so that they can't be undone, resumed or reported any more";
    }

    private bool Remove(PushJournal journal, PushStatus push)
    {
        if (IsWhatIf() && journal.Lifecycle.FindReasonAgainstRemoval(push) is { } refusal) throw refusal;
        MessageText what = $"push {push.ShortId} into {push.Into}, {push.State}, {ShownTime.Of(push.Started)}, {Local.People(push.Received)}";
        if (!ShouldProcess(what, "Remove from the journal")) return false;
        journal.Lifecycle.Remove(push.Id);
        return true;
    }
}
