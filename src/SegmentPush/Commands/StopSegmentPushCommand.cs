using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Gives up pushes that were interrupted or have failed: they can't be resumed any more, and their history stays.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SegmentPush", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PushStatus))]
public sealed class StopSegmentPushCommand : ModuleCommand
{
    private readonly List<PushStatus> _pushes = [];

    /// <summary>Ids of pushes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
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

    /// <summary>Gives several pushes up without a question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        foreach (var id in FindIds(Id, Journal)) RunEach(id, () => _pushes.Add(Find(id)));
    }

    private protected override void End()
    {
        MessageText what = $"Give up {_pushes.Count:N0} pushes with {Local.People(_pushes.Sum(push => push.NotDelivered))} not delivered: they can't be resumed after that";
        if (!ApprovesAll(_pushes.Count, what, Force)) return;
        foreach (var push in _pushes.DistinctBy(push => push.Id)) RunEach(push.Id, () => Stop(push));
    }

    private PushStatus Find(Guid id)
    {
        var push = FindPush(id, Journal);
        return PushErrors.FindReasonAgainstAbandoning(push) is { } error ? throw error : push;
    }

    private void Stop(PushStatus push)
    {
        MessageText what = $"push {push.ShortId} into {push.Into}, {push.State}, {ShownTime.Of(push.Started)}, {Local.People(push.NotDelivered)} not delivered";
        if (ShouldProcess(what, "Give up")) WriteObject(ShownPush.Of(Push.Abandon(JournalOf(Journal), push.Id)));
    }
}
