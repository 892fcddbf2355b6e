using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Pushes.Audiences;

namespace SegmentPush.Pushes;

/// <summary>What a push needs before its first person is sent: its share of calls, its target and its locks. Disposing gives them back.</summary>
internal sealed class PushStart(
    PushOptions options, IReadOnlyList<PushSource> sources, PushJournal journal, Settlement settlement, Action<PushEvent> tell) : IAsyncDisposable
{
    private SharedCalls? _calls;
    private PushLocks? _locks;
    private PushTarget? _target;

    /// <summary>The push in the journal.</summary>
    public Settlement Settlement => settlement;

    /// <summary>Whether the sources and the reject file are checked first. They were, where a push is resumed.</summary>
    public bool ChecksSources { get; init; }

    /// <summary>Whether the push was begun by an earlier process.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Whether a push is resumed although a newer push of its destination has completed.</summary>
    public bool EvenIfSuperseded { get; init; }

    /// <summary>Whether all that the push needs was found.</summary>
    public bool IsResolved { get; private set; }

    /// <summary>The push that has done the same, so that nothing is to be done; null where something is.</summary>
    public PushStatus? Earlier { get; private set; }

    /// <summary>Where the people go.</summary>
    public PushTarget Target => _target ?? throw new InvalidOperationException("The target is not resolved.");

    /// <summary>Finds and takes all that the push needs.</summary>
    /// <returns>Null where that was done; the error of a push that can be resumed where it was not.</returns>
    /// <exception cref="SegmentPushException">The push failed before it began, and can't be resumed; the journal has its status with the error.</exception>
    public async Task<Exception?> TryResolveTargetAsync(CancellationToken cancellation)
    {
        try
        {
            await ResolveAsync(cancellation).ConfigureAwait(false);
            IsResolved = true;
            return null;
        }
        catch (Exception e) when ((IsResumed && e is not SegmentPushException { IsFinal: true }) || PushEnding.Of(e).State == PushState.Interrupted)
        {
            return e;
        }
        catch (Exception e)
        {
            SaveFailure(e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _locks?.Dispose();
        if (_calls is not null) await _calls.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ResolveAsync(CancellationToken cancellation)
    {
        // All that can be known without Marketo is checked first.
        if (ChecksSources)
        {
            if (options.Once) EarlierPush.Check(sources);
            await MappingCheck.RunAsync(options, sources, () => SharedCalls.OpenAsync(options, OpenLedger, Warn, cancellation), cancellation).ConfigureAwait(false);
            if (options.RejectPath is { } path) RejectedRows.CheckPath(path, sources);
        }

        if (sources.Any(source => !source.IsFetched)) await FetchAsync(cancellation).ConfigureAwait(false);
        _calls = await SharedCalls.OpenAsync(options, OpenLedger, Warn, cancellation).ConfigureAwait(false);
        _target = await PushTarget.ResolveAsync(options, cancellation).ConfigureAwait(false);
        if (_target.FieldsLeftOut is [_, ..] fields)
            Warn($"Fields of the company are written only when a person is created, so MatchExisting leaves out: {string.Join(", ", fields)}.");
        settlement.Aim(_target);
        _locks = await PushLocks.TakeAsync(journal, settlement.Status.Id, _target, options, Warn, cancellation).ConfigureAwait(false);

        // The one that it waited for may have done the same.
        if (options.Once) Earlier = EarlierPush.Find(journal, options, sources, _target.StaticList.Id);
        if (Earlier is not null) return;

        // A newer push may have completed while this one waited for the list.
        if (IsResumed && !EvenIfSuperseded && journal.History.IsSuperseded(settlement.Status.Id)) throw PushErrors.Superseded(settlement.Status);
        await WaitForOthersAsync(_target, cancellation).ConfigureAwait(false);
    }

    // What other pushes have begun must not end after this one has: it would write older values, create people twice, or change a list that was read.
    private async Task WaitForOthersAsync(PushTarget target, CancellationToken cancellation)
    {
        var status = settlement.Status;
        await new OpenCallWait(journal.OpenCalls, options.Connection, Warn).WaitAsync(status, cancellation).ConfigureAwait(false);
        if (target.Creates)
            await new OpenCreateWait(journal.OpenCalls, options.Connection, options.Bulk, Warn).WaitAsync(status.Id, cancellation).ConfigureAwait(false);
        if (!target.WritesExisting && status is { Destination: null, UndoOf: null }) return;
        await new OpenImportWait(journal.OpenCalls, options.Connection, options.Bulk, Warn).WaitAsync(
            journal.OpenCalls.GetImportsInto(status.Instance, target.StaticList.Id, status.Id),
            "it may still change people and the list",
            cancellation).ConfigureAwait(false);
    }

    // What is wrong with the target is told before an export that takes its time. The push holds no lock while it waits, and no share of calls.
    private async Task FetchAsync(CancellationToken cancellation)
    {
        var calls = await SharedCalls.OpenAsync(options, OpenLedger, Warn, cancellation).ConfigureAwait(false);
        await using (calls.ConfigureAwait(false))
        {
            settlement.Aim(await PushTarget.ResolveAsync(options, cancellation).ConfigureAwait(false));
        }

        foreach (var source in sources.Where(source => !source.IsFetched))
        {
            tell(new PushPhaseBegan(settlement.Status, "Exporting the audience"));
            if (source.Audience!.Request is { SkipPolicyCheck: true } request) Warn(request.PolicyCheckSkipped);
            var progress = (ExportProgress at) => tell(new AudienceExported(settlement.Status, at));
            await new AudienceFetch(source.Audience!, settlement.Export, progress).RunAsync(cancellation).ConfigureAwait(false);
            source.BeginReading();
            if (source.Audience!.Missing is > 0 and var missing)
                Warn($"Experience Platform says that the export of {source.Description} holds more people than its files do: {Counted.People(missing)} will be missing on the list. The next push exports the audience anew.");
        }

        MappingCheck.Run(options.Mapping, sources);
    }

    private IJournalLedger OpenLedger(string instance) => journal.OpenLedger(instance, settlement.Status.Id);

    private void Warn(MessageText message) => tell(new PushWarned(message));

    // A scheduled task that could not even begin must be seen in Get-PushStatus and Get-SegmentDestination.
    private void SaveFailure(Exception fault)
    {
        var ending = PushEnding.OfFailedStart(fault);
        (fault as SegmentPushException)?.EndWith(ending.ExitCode);
        try
        {
            settlement.Ending.End(ending, isVerified: false, rejectPath: null);

            // Only now: a push that the journal could not end can be resumed, and needs its rows.
            foreach (var source in sources) source.Keep(false);
        }
        catch (SegmentPushException)
        {
            // The journal can't be written. The error that came first says more.
        }
    }
}
