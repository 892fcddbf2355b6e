using SegmentPush.Schedules;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>What the cmdlets of tasks have in common.</summary>
public abstract class SegmentPushTaskCommand : ModuleCommand
{
    /// <summary>Makes the cmdlet.</summary>
    protected SegmentPushTaskCommand() => Windows = new WindowsScheduler(this);

    /// <summary>Task Scheduler, where the session has its cmdlets.</summary>
    private protected WindowsScheduler Windows { get; }

    /// <summary>The settings of the user's tasks.</summary>
    private protected static TaskStore Store => new();

    /// <summary>The tasks that names with or without wildcards mean; all where there are none.</summary>
    private protected IEnumerable<SegmentPushTask> Find(string[] names)
    {
        var all = Store.GetAll();
        if (names.Length == 0) return all;
        var found = new List<SegmentPushTask>();
        foreach (string name in names)
        {
            RunEach(name, () => found.AddRange((NamePattern.Match(name, [.. all.Select(task => task.Name)]) ?? throw NotFound(name))
                .Select(match => all.First(task => task.Name == match))));
        }

        return found;
    }

    /// <summary>Whether the scheduler has a task.</summary>
    private protected bool IsRegistered(SegmentPushTask task) =>
        task.Scheduler == PushScheduler.TaskScheduler ? Windows.Has(task.Name) : UnixSchedulers.Has(task);

    private static SegmentPushException NotFound(string name) =>
        new("TaskNotFound", $"There is no task '{name}'.", "Get-SegmentPushTask shows all; Register-SegmentPushTask makes one.", name);
}
