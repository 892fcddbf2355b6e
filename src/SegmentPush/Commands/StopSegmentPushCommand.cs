using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Gives up pushes that were interrupted or have failed: they can't be resumed any more, and their history stays.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SegmentPush", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PushStatus))]
public sealed class StopSegmentPushCommand : ModuleCommand
{
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
    [ValidateNotNullOrEmpty]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        foreach (var id in FindIds(Id, Journal)) RunEach(id, () => Stop(id));
    }

    private void Stop(Guid id)
    {
        var push = FindPush(id, Journal);
        if (PushErrors.FindReasonAgainstAbandoning(push) is { } error) throw error;
        MessageText what = $"push {push.ShortId} into {push.Into}, {push.State}, {ShownTime.Of(push.Started)}, {Local.People(push.NotDelivered)} not delivered";
        if (ShouldProcess(what, "Give up")) WriteObject(ShownPush.Of(Push.Abandon(JournalOf(Journal), id)));
    }
}
