using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Takes pushes and their people out of the journal.</summary>
[Cmdlet(VerbsCommon.Remove, "PushHistory", DefaultParameterSetName = ByDate, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemovePushHistoryCommand : ModuleCommand
{
    private const string ByDate = "Before";
    private const string ById = "Id";

    private bool _hasRemoved;

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
    [ValidateNotNullOrEmpty]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        _ = CheckedIds(Id);
        using var journal = ReadJournal(Journal);
        var ids = FindIds(journal, Id);
        if (Id.Length > 0 && ids.Count == 0) return;
        var pushes = journal.History.Get(new PushFilter { Ids = ids });
        foreach (var missing in ids.Except(pushes.Select(push => push.Id))) WriteError(ErrorRecords.From(PushErrors.NotFound(missing), missing));
        foreach (var push in pushes)
        {
            if (ParameterSetName == ByDate && !(push.Ended < Before.ToUniversalTime())) continue;
            MessageText what = $"push {push.ShortId} into {push.Into}, {push.State}, {ShownTime.Of(push.Started)}, {Local.People(push.Received)}";
            if (!ShouldProcess(what, "Remove from the journal")) continue;
            RunEach(push.Id, () =>
            {
                journal.Lifecycle.Remove(push.Id);
                _hasRemoved = true;
            });
        }
    }

    private protected override void End()
    {
        if (!_hasRemoved) return;
        using var journal = PushJournal.OpenToRead(JournalOf(Journal));
        if (!journal.Lifecycle.TryGiveSpaceBack()) WriteVerbose("The journal's file keeps its size for now, because a push runs.");
    }
}
