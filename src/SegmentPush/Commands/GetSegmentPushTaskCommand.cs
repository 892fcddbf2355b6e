using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Schedules;

namespace SegmentPush.Commands;

/// <summary>Shows tasks that push destinations at certain times.</summary>
[Cmdlet(VerbsCommon.Get, "SegmentPushTask")]
[OutputType(typeof(SegmentPushTask))]
public sealed class GetSegmentPushTaskCommand : SegmentPushTaskCommand
{
    /// <summary>Names of tasks, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public string[] Name { get; set; } = [];

    private protected override void Process()
    {
        var now = TimeProvider.System.GetLocalNow();
        foreach (var task in Find(Name))
        {
            bool isRegistered = IsRegistered(task);
            WriteObject(task with
            {
                IsRegistered = isRegistered,
                NextRun = isRegistered ? TaskTimes.Of(task.At, task.Every).NextAfter(now, TimeZoneInfo.Local) : null,
            });
        }
    }
}
