using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Schedules;

namespace SegmentPush.Commands;

/// <summary>Takes tasks out of the scheduler; destinations, journal and logs stay.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "SegmentPushTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class UnregisterSegmentPushTaskCommand : SegmentPushTaskCommand
{
    /// <summary>Names of tasks, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public string[] Name { get; set; } = [];

    private protected override void Process()
    {
        foreach (var task in Find(Name))
        {
            RunEach(task.Name, () =>
            {
                if (ShouldProcess($"task '{task.Name}' of {task.Scheduler}", "Unregister")) Remove(task);
            });
        }
    }

    private void Remove(SegmentPushTask task)
    {
        if (task.Scheduler != PushScheduler.TaskScheduler) UnixSchedulers.Unregister(task);
        else if (Windows.Has(task.Name)) Windows.Unregister(task.Name);
        Store.Remove(task.Name);
    }
}
