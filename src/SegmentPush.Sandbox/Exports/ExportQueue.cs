using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Exports;

/// <summary>Exports people: two jobs at a time, ten with those that wait, and so many bytes in a day.</summary>
internal sealed class ExportQueue(PersonStore store, SandboxOptions options) : IDisposable
{
    private const int MostJobs = 10;
    private static readonly TimeZoneInfo s_central = TimeZoneInfo.FindSystemTimeZoneById("America/Chicago");

    private readonly SemaphoreSlim _running = new(2);
    private readonly List<ExportJob> _jobs = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>All jobs, oldest first. Every use holds the store's gate.</summary>
    public IReadOnlyList<ExportJob> Jobs => _jobs;

    public ExportJob Add(ExportRequest request)
    {
        lock (store.Gate)
        {
            var job = new ExportJob(request, options.TimeProvider.GetUtcNow(), CancellationTokenSource.CreateLinkedTokenSource(_stop.Token));
            _jobs.Add(job);
            return job;
        }
    }

    /// <summary>Puts a job into the queue.</summary>
    /// <exception cref="Refusal">It was in it before, the queue is full, or today's bytes are used up.</exception>
    public void Enqueue(ExportJob job)
    {
        lock (store.Gate)
        {
            if (job.QueuedAt is not null || job.IsCancelled) throw new Refusal("1003", $"Export job '{job.Id}' is not in status Created");
            if (_jobs.Count(other => other.IsOpen) >= MostJobs) throw new Refusal("1029", $"Too many jobs ({MostJobs}) in queue");
            if (BytesToday() >= options.DailyExportBytes) throw new Refusal("1029", "Export daily quota exceeded");
            job.QueuedAt = options.TimeProvider.GetUtcNow();
        }

        _ = Task.Run(() => RunAsync(job));
    }

    /// <summary>Ends a job that is not over.</summary>
    /// <exception cref="Refusal">It is.</exception>
    public void Cancel(ExportJob job)
    {
        lock (store.Gate)
        {
            if (job.IsCancelled || job.FinishedAt is not null) throw new Refusal("1003", $"Export job '{job.Id}' is over");
            job.IsCancelled = true;
        }

        job.Stop.Cancel();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(ExportJob job)
    {
        try
        {
            var cancellation = job.Stop.Token;
            await _running.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                Task atWork;
                lock (store.Gate)
                {
                    job.StartedAt = options.TimeProvider.GetUtcNow();
                    atWork = Task.Delay(options.ExportDuration, options.TimeProvider, cancellation);
                }

                await atWork.ConfigureAwait(false);
                var file = IdsFor(job.Request) is { } ids ? ExportFile.Make(job.Request, ids, store, cancellation) : null;
                lock (store.Gate)
                {
                    if (job.IsCancelled) return;
                    job.File = file;
                    job.Error = file is null ? "The list is gone" : null;
                    job.FinishedAt = options.TimeProvider.GetUtcNow();
                }
            }
            finally
            {
                _running.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The job was cancelled, or the instance has ended.
        }
    }

    private int[]? IdsFor(ExportRequest request)
    {
        lock (store.Gate)
        {
            return request.Created is { } time
                ? [.. store.People.Where(person => person.CreatedAt >= time.Start && person.CreatedAt <= time.End).Select(person => person.Id)]
                : store.FindList(request.ListId!.Value)?.Ids();
        }
    }

    private long BytesToday()
    {
        var today = DayOf(options.TimeProvider.GetUtcNow());
        return _jobs.Where(job => job.FinishedAt is { } finished && DayOf(finished) == today).Sum(job => (long)(job.File?.Bytes.Length ?? 0));
    }

    private static DateTime DayOf(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, s_central).Date;
}
