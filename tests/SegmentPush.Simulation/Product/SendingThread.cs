using System.Collections.Concurrent;
using System.Reflection;
using Npgsql;

namespace SegmentPush.Simulation.Product;

/// <summary>
/// Npgsql sends the second and later statements of a batch on another thread of the pool while the caller waits. The pool has one thread here, so that runs are
/// repeatable, and it is the caller's. This gives Npgsql a thread of its own; Npgsql has no setting for that, so it is put in by reflection.
/// </summary>
internal sealed class SendingThread : TaskScheduler
{
    private readonly BlockingCollection<Task> _tasks = [];

    private SendingThread() => new Thread(() =>
    {
        foreach (var task in _tasks.GetConsumingEnumerable()) TryExecuteTask(task);
    })
    { IsBackground = true, Name = "Npgsql sends" }.Start();

    /// <summary>Gives it to Npgsql.</summary>
    /// <exception cref="InvalidOperationException">This version of Npgsql or .NET has no such field.</exception>
    public static void Start()
    {
        var scheduler = Field(typeof(NpgsqlCommand), "ConstrainedConcurrencyScheduler").GetValue(null)!;
        var pair = Field(scheduler.GetType(), "m_pair").GetValue(scheduler)!;
        Field(pair.GetType(), "m_underlyingTaskScheduler").SetValue(pair, new SendingThread());
    }

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private static FieldInfo Field(Type type, string name) =>
        type.GetField(name, BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        ?? throw new InvalidOperationException($"{type.Name} has no field {name} any more: see how Npgsql sends batches now.");
}
