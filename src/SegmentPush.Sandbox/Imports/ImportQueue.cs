using SegmentPush.Sandbox.Endpoints;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Imports;

/// <summary>Imports files one after the other: two at a time, ten with those that wait, and one for a list.</summary>
internal sealed class ImportQueue(PersonStore store, SandboxOptions options, Faults faults) : IDisposable
{
    private const int MostJobs = 10;

    private readonly SemaphoreSlim _running = new(2);
    private readonly Dictionary<int, ImportJob> _jobs = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Takes a file in.</summary>
    /// <exception cref="Refusal">The queue is full, or the list is being imported into.</exception>
    public ImportJob Add(Call call, ImportFile file, int? listId, int partitionId)
    {
        lock (store.Gate)
        {
            var open = _jobs.Values.Where(job => !job.IsOver).ToArray();
            if (open.Length >= MostJobs) throw new Refusal("1016", "Too many imports");
            if (listId is not null && open.Any(job => job.ListId == listId)) throw new Refusal("1019", "Import in progress");
            var job = new ImportJob(2000 + _jobs.Count + 1, file, listId, partitionId);
            _jobs.Add(job.Id, job);
            _ = Task.Run(() => RunAsync(call, job));
            return job;
        }
    }

    public ImportJob? Find(int id) => _jobs.GetValueOrDefault(id);

    public void Dispose()
    {
        _stop.Cancel();
        _running.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Call call, ImportJob job)
    {
        try
        {
            await _running.WaitAsync(_stop.Token).ConfigureAwait(false);
            lock (store.Gate) job.Status = "Importing";
            if (options.ImportDuration > TimeSpan.Zero) await Task.Delay(options.ImportDuration, options.TimeProvider, _stop.Token).ConfigureAwait(false);
            lock (store.Gate)
            {
                foreach (string[] row in job.File.Rows) Import(call, job, row);
                job.Status = "Complete";
                job.Message = job.Failures.Count == 0 ? "Import succeeded" : "Import completed with errors";
            }

            _running.Release();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The instance has ended.
        }
    }

    private void Import(Call call, ImportJob job, string[] row)
    {
        job.Processed++;
        var file = job.File;
        if (faults.OfRecord(call, () => string.Join(file.Delimiter, row)) is { } fault)
        {
            Fail(fault.Message);
            return;
        }

        if (row.Length != file.Fields.Length)
        {
            Fail("Wrong number of columns");
            return;
        }

        var values = file.Fields.Zip(row).Where(pair => pair.Second.Length > 0 && pair.First.Name != "id").ToArray();
        string key = row[Array.IndexOf(file.Fields, file.Lookup)].Trim();
        var matches = key.Length == 0 ? [] : store.Find(file.Lookup, key);
        if (key.Length == 0) Fail("Missing value for " + file.Lookup.Name);
        else if (matches.Count > 1) Fail("Multiple lead match lookup criteria");
        else if (matches.Count == 0 && file.Lookup.Name == "id") Fail("Lead not found");
        else if (LeadEndpoints.Mistake(values.Select(v => (v.First, (string?)v.Second)), null) is { } mistake) Fail(mistake.Message);
        else
        {
            var person = matches.Count == 1 ? matches[0] : store.Create();
            if (matches.Count == 0) person.PartitionId = job.PartitionId;
            foreach (var (field, value) in values) store.Set(person, field, value);
            person.UpdatedAt = options.TimeProvider.GetUtcNow();
            if (job.ListId is { } list) store.FindList(list)?.Add(person.Id);
        }

        void Fail(string reason) => job.Failures.Add((row, reason));
    }
}
