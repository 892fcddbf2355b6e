using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Pushes.InStep;
using SegmentPush.Segments;
using SegmentPush.Segments.Rejects;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Pushes;

/// <summary>One run of a segment into a static list: read, map, deliver, settle.</summary>
internal sealed partial class Push
{
    private readonly PushOptions _options;
    private readonly IReadOnlyList<PushSource> _sources;
    private readonly ChannelWriter<PushEvent> _events;
    private readonly TimeProvider _time;

    private Push(PushOptions options, IReadOnlyList<PushSource> sources, ChannelWriter<PushEvent> events)
    {
        _options = options;
        _sources = sources;
        _events = events;
        _time = options.Connection.Time;
    }

    /// <summary>Runs a push and tells how it goes. Whoever stops listening stops the push.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="sources">Where the people come from; the push disposes them.</param>
    /// <param name="cancellation">Stops it; its status is then <see cref="PushState.Interrupted"/>.</param>
    /// <returns>Events, the last of them <see cref="PushEnded"/>, which also carries the error of a push that failed on its way.</returns>
    /// <exception cref="SegmentPushException">The push could not begin: nothing was changed in Marketo.</exception>
    public static IAsyncEnumerable<PushEvent> RunAsync(
        PushOptions options, IReadOnlyList<PushSource> sources, CancellationToken cancellation) =>
        TellAsync(events => new Push(options, sources, events).RunAsync, cancellation);

    /// <summary>Goes on with a push whose people were not all delivered, and tells how it goes.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="id">The push.</param>
    /// <param name="cancellation">Stops it again.</param>
    /// <returns>Events as of a new push.</returns>
    /// <exception cref="SegmentPushException">It can't be resumed: nothing was changed in Marketo.</exception>
    public static IAsyncEnumerable<PushEvent> ResumeAsync(ResumeOptions options, Guid id, CancellationToken cancellation) =>
        TellAsync(events => stop => ResumeAsync(options, id, events, stop), cancellation);

    /// <summary>Puts the membership of a list back as it was before a push, as a push of its own.</summary>
    /// <param name="options">How.</param>
    /// <param name="id">The push.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Events as of any push.</returns>
    /// <exception cref="SegmentPushException">It can't be undone: nothing was changed in Marketo.</exception>
    public static IAsyncEnumerable<PushEvent> UndoAsync(UndoOptions options, Guid id, CancellationToken cancellation) =>
        TellAsync(events => stop => UndoAsync(options, id, events, stop), cancellation);

    /// <summary>What an undoing would do.</summary>
    /// <exception cref="SegmentPushException">It would end with the same error.</exception>
    public static async Task<PushPlan> PlanUndoAsync(UndoOptions options, Guid id, CancellationToken cancellation)
    {
        using var journal = PushJournal.Open(options.Sending.JournalFolder, options.Sending.Connection.Host);
        var undone = Undoing.Find(journal, id, options.Force);
        var target = await PushTarget.ResolveAsync(OptionsFor(options, journal, undone), cancellation).ConfigureAwait(false);
        return await new Undoing(options, undone, journal, target, _ => { }).PlanAsync(cancellation).ConfigureAwait(false);
    }

    // Nothing but the list is written, and nobody is created.
    private static PushOptions OptionsFor(UndoOptions options, PushJournal journal, PushStatus undone) =>
        options.Sending.For(journal.ReadStarted(undone)) with
        {
            PersonCreation = PersonCreation.MatchExisting,
            ExistingPeople = ExistingPeople.Keep,
            Delivery = Delivery.Sync,
            Destination = null,
            RejectPath = null,
        };

    private static async IAsyncEnumerable<PushEvent> TellAsync(
        Func<ChannelWriter<PushEvent>, Func<CancellationToken, Task>> make, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var events = Channel.CreateUnbounded<PushEvent>(new UnboundedChannelOptions { SingleReader = true });
        var run = make(events.Writer);
        var work = Task.Run(
            async () =>
            {
                Exception? fault = null;
                try
                {
                    await run(stop.Token).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    fault = e;
                }
                finally
                {
                    events.Writer.Complete(fault);
                }
            },
            CancellationToken.None);
        try
        {
            // The push itself ends the events, also when it is cancelled: the last one says how far it came.
            await foreach (var happened in events.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return happened;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }
    }

    /// <summary>Gives up a push that has not completed: it can't be resumed any more, and its history stays.</summary>
    /// <param name="journalFolder">Folder of the journal; null for the user's own.</param>
    /// <param name="id">The push.</param>
    /// <returns>The push as it is now. A push that was given up before stays as it is.</returns>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NothingToAbandon</c>.</exception>
    public static PushStatus Abandon(string? journalFolder, Guid id)
    {
        using var journal = PushJournal.Open(journalFolder);
        return journal.Abandon(id);
    }

    private static async Task ResumeAsync(ResumeOptions options, Guid id, ChannelWriter<PushEvent> events, CancellationToken cancellation)
    {
        using var journal = PushJournal.Open(options.JournalFolder, options.Connection.Host);
        var started = await journal.TakeOverAsync(id, options.EvenIfSuperseded, cancellation).ConfigureAwait(false);
        if (started.Status.UndoOf is { } undone)
        {
            throw new SegmentPushException(
                "NotResumable", $"The push {id} took back the push {undone}; it is done again as a whole.", $"Run Undo-SegmentPush -Id {undone} again.", id);
        }

        var pushOptions = options.For(started);
        var push = new Push(pushOptions, ResumeOptions.Open(started, journal.Folder), events);
        await push.WatchAsync(() => push.GoOnAsync(options, journal, started, cancellation)).ConfigureAwait(false);
    }

    private static async Task UndoAsync(UndoOptions options, Guid id, ChannelWriter<PushEvent> events, CancellationToken cancellation)
    {
        using var journal = PushJournal.Open(options.Sending.JournalFolder, options.Sending.Connection.Host);
        var undone = Undoing.Find(journal, id, options.Force);
        var push = new Push(OptionsFor(options, journal, undone), [], events);
        await push.WatchAsync(() => push.TakeBackAsync(options, undone, journal, cancellation)).ConfigureAwait(false);
    }

    private async Task TakeBackAsync(UndoOptions options, PushStatus undone, PushJournal journal, CancellationToken cancellation)
    {
        var status = NewStatus() with { UndoOf = undone.Id, Destination = undone.Destination, Mode = undone.Mode };
        var request = new PushRequest(_options.Mapping, _options.Delivery, null, _options.JournalIdentity);
        var settlement = Settlement.Begin(journal, status, request, [], _time, CountCalls());
        await RunAsync(
            journal,
            settlement,
            isBegun: false,
            target => new Undoing(options, undone, journal, target, Warn).RunAsync(settlement, cancellation),
            cancellation).ConfigureAwait(false);
    }

    private Task RunAsync(CancellationToken cancellation) => WatchAsync(() => BeginAsync(cancellation));

    private async Task WatchAsync(Func<Task> run)
    {
        try
        {
            _options.Connection.CallFinished += Tell;
            CallGuard.Use(ThrowIfSourceChanged);
            await run().ConfigureAwait(false);
        }
        finally
        {
            _options.Connection.CallFinished -= Tell;
            foreach (var source in _sources) source.Dispose();
        }
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        using var journal = PushJournal.Open(_options.JournalFolder, _options.Connection.Host);
        Spool.Sweep(journal.Folder, journal.GetSpools(), _time.GetUtcNow());
        var settlement = Settlement.Begin(
            journal,
            NewStatus(),
            new PushRequest(
                _options.Mapping,
                _options.Delivery,
                _options.RejectPath,
                _options.JournalIdentity,
                _options.Destination is { } destination ? DestinationRequest.Of(destination) : null,
                _options.MaxRejectPercent)
            {
                Values = ValuesRequest.Of(_options.Values),
            },
            _sources,
            _time,
            CountCalls());
        foreach (var source in _sources) source.Keep(true);
        try
        {
            // All that can be known without Marketo is checked before the first call.
            MappingCheck.Run(_options.Mapping, _sources);
            if (_options.RejectPath is { } path) RejectedRows.CheckPath(path, _sources);
        }
        catch (Exception e)
        {
            FailStart(settlement, e);
            throw;
        }

        await RunAsync(
            journal, settlement, isBegun: false, target => BringInStepAsync(target, journal, settlement, null, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task GoOnAsync(ResumeOptions options, PushJournal journal, StartedPush started, CancellationToken cancellation)
    {
        MappingCheck.Run(_options.Mapping, _sources);
        var settlement = Settlement.Continue(journal, started, _time, CountCalls());
        settlement.Reopen(keepsSent: true, []);
        await RunAsync(
            journal,
            settlement,
            isBegun: true,
            target =>
            {
                // A newer push may have completed while this one waited for the list.
                if (!options.EvenIfSuperseded && journal.IsSuperseded(started.Status.Id)) throw PushJournal.Superseded(started.Status);
                return BringInStepAsync(target, journal, settlement, started, cancellation);
            },
            cancellation).ConfigureAwait(false);
    }

    // A scheduled task that could not even begin must be seen in Get-PushStatus and Get-SegmentDestination.
    private void FailStart(Settlement settlement, Exception fault)
    {
        foreach (var source in _sources) source.Keep(false);
        try
        {
            var status = settlement.FailStart(PushEnding.Of(fault));
            (fault as SegmentPushException)?.EndWith(status.ExitCode);
        }
        catch (SegmentPushException)
        {
            // The journal can't be written. The error that comes first says more than that.
        }
    }

    private Func<long> CountCalls()
    {
        long before = _options.Connection.Calls;
        return () => _options.Connection.Calls - before;
    }

    // Does the work, which returns whether the list was proven, between finding where it goes and settling how it ended.
    private async Task RunAsync(
        PushJournal journal, Settlement settlement, bool isBegun, Func<PushTarget, Task<bool>> work, CancellationToken cancellation)
    {
        var calls = await SharedCalls.OpenAsync(_options, settlement.Status.Id, Warn, cancellation).ConfigureAwait(false);
        await using var closing = calls.ConfigureAwait(false);
        var (aim, fault) = await AimAsync(journal, settlement, isBegun, cancellation).ConfigureAwait(false);
        using var locks = aim?.Locks;
        bool isVerified = false;
        if (aim is not null)
        {
            await _events.WriteAsync(new PushStarted(settlement.Status), CancellationToken.None).ConfigureAwait(false);
            try
            {
                isVerified = await work(aim.Target).ConfigureAwait(false);
                fault = Arrival.FindFault(settlement.Status, _options.MaxRejectPercent, settlement.CountReasons);
            }
            catch (Exception e)
            {
                fault = e;
            }
        }

        await EndAsync(settlement, fault, stays: aim is null, isVerified).ConfigureAwait(false);
    }

    // Delivers the people and does what their destination wants besides. Returns whether the list was proven.
    private async Task<bool> BringInStepAsync(
        PushTarget target, PushJournal journal, Settlement settlement, StartedPush? started, CancellationToken cancellation)
    {
        using var run = _options.Destination is null ? null : await DestinationRun
            .BeginAsync(_options, target, journal, settlement, _sources, Warn, isResumed: started is not null, cancellation).ConfigureAwait(false);
        bool bySync = started is not null && await PickUpAsync(target, settlement, cancellation).ConfigureAwait(false);
        var intake = new SegmentIntake(
            _sources, target.Mapping, target.Use, target.OnlyMatches, started is null ? null : settlement.GetEnteredRows(), run?.Membership);
        await DeliverAsync(target, intake, run, settlement, bySync, cancellation).ConfigureAwait(false);
        if (intake.LeftOut.HasAny) Warn(intake.LeftOut.Describe());
        if (_sources.Any(source => !source.IsEmpty && source.Reader is SpoolReader { IsComplete: false }))
        {
            Warn("The pipeline had not ended when the push was stopped: all rows that had come are delivered; push the segment again "
                + "for those that had not. Whoever is on the list already stays there, and nobody is created twice.");

            // Who has left can't be told from a part of a segment.
            if (run is not null) return false;
        }

        if (run is null) return false;

        // A segment that found nobody, or whose rows are mostly at fault, can't tell which people have left.
        if (_options.Destination!.Destination.Mode == PushMode.Mirror
            && Arrival.FindFault(settlement.Status, _options.MaxRejectPercent, settlement.CountReasons) is { } fault) throw fault;
        await run.RemoveLeaversAsync(intake.Extent, cancellation).ConfigureAwait(false);
        await run.VerifyAsync(intake.Extent, cancellation).ConfigureAwait(false);
        run.Complete(intake.Extent);
        return run.IsVerified;
    }

    // What the process before has left half done. Returns whether the others must be sent by calls, which answer for each person.
    private async Task<bool> PickUpAsync(PushTarget target, Settlement settlement, CancellationToken cancellation)
    {
        var imports = new ImportRun(target, _options.Connection, settlement, _options.Bulk);
        var lost = new List<int>();
        bool bySync = false;
        foreach (var import in settlement.GetOpenImports())
        {
            var resumed = await imports.ResumeAsync(import, cancellation).ConfigureAwait(false);
            if (resumed != ResumedImport.Settled) lost.Add(import.Number);
            bySync |= resumed == ResumedImport.Unaccounted;
        }

        // Before all those without outcome are opened again, or they would be delivered twice.
        await imports.DeliverAmbiguousAsync(cancellation).ConfigureAwait(false);
        var delivery = new SyncDelivery(target, _options.Connection, settlement);
        if (settlement.GetSent() is [_, ..] sent)
        {
            // The call may still be creating people.
            await SyncDelivery.WaitUntilCallExpiredAsync(
                sent.Max(entry => entry.Sent), _options.Connection.MarketoNow, _time, Warn, cancellation).ConfigureAwait(false);
            if (!settlement.HashesIdentities) await delivery.FindSentAsync(sent, cancellation).ConfigureAwait(false);
        }

        settlement.Reopen(keepsSent: false, lost);
        await delivery.DeliverStagedAsync(settlement.GetStaged(), cancellation).ConfigureAwait(false);
        return bySync;
    }

    // Resolves the target. An error that passes by itself leaves a push that can be resumed; any other error leaves one that failed before it began.
    private async Task<(Aim? Aim, Exception? Fault)> AimAsync(
        PushJournal journal, Settlement settlement, bool isBegun, CancellationToken cancellation)
    {
        PushLocks? locks = null;
        try
        {
            var target = await PushTarget.ResolveAsync(_options, cancellation).ConfigureAwait(false);
            if (target.FieldsLeftOut is [_, ..] fields)
                Warn($"Fields of the company are written only when a person is created, so MatchExisting leaves out: {string.Join(", ", fields)}.");
            settlement.Aim(target);
            locks = await PushLocks.TakeAsync(journal, settlement.Status.Id, target, _options, Warn, cancellation).ConfigureAwait(false);
            return (new Aim(target, locks), null);
        }
        catch (Exception e) when (isBegun || e is OperationCanceledException or SegmentPushException { PassesByItself: true })
        {
            locks?.Dispose();
            return (null, e);
        }
        catch (Exception e)
        {
            locks?.Dispose();
            FailStart(settlement, e);
            throw;
        }
    }

    private PushStatus NewStatus() => new()
    {
        Id = Guid.CreateVersion7(_time.GetUtcNow()),
        State = PushState.Running,
        Instance = _options.Connection.Instance,
        StaticListId = _options.StaticList.Id ?? 0,
        StaticListName = _options.StaticList.Name ?? string.Empty,
        Source = [.. _sources.Select(source => source.Name)],
        Form = [.. _sources.Select(source => source.FormDescription)],
        PersonCreation = _options.PersonCreation,
        ExistingPeople = _options.ExistingPeople,
        Delivery = _options.Delivery == Delivery.Auto ? Delivery.Sync : _options.Delivery,
        Partition = _options.Partition,
        Destination = _options.Destination?.Destination.Name,
        Mode = _options.Destination?.Destination.Mode,
        Started = _time.GetUtcNow(),
    };

    // A push that could not even begin to be resumed is left as it was.
    private async Task EndAsync(Settlement settlement, Exception? stopped, bool stays, bool isVerified)
    {
        var error = stopped as SegmentPushException;
        var status = End(settlement, PushEnding.Of(stopped, stays), error, isVerified);
        if (_options.RejectPath is { } path)
        {
            try
            {
                status = WriteRejected(settlement, status, path);
            }
            catch (SegmentPushException e)
            {
                // The push itself has ended, and the journal holds the same rows' codes and reasons.
                error ??= e;
                status = settlement.SaveEnded(status with { ErrorId = status.ErrorId ?? e.ErrorId, Reason = status.Reason ?? e.Message });
            }
        }

        foreach (var source in _sources) source.Keep(status.CanBeResumed);
        if (stopped is not (null or OperationCanceledException or SegmentPushException)) throw stopped;
        error?.EndWith(status.ExitCode);
        await _events.WriteAsync(new PushEnded(status, error)).ConfigureAwait(false);
    }

    private static PushStatus End(Settlement settlement, PushEnding ending, SegmentPushException? error, bool isVerified)
    {
        try
        {
            return settlement.End(ending.State, ending.Reason, ending.ErrorId, isVerified);
        }
        catch (SegmentPushException) when (error?.ErrorId == SegmentPushException.JournalLocked)
        {
            // What could not be written is in no sum of the journal. The push is resumed from there.
            return settlement.EndByJournal(ending.State, ending.Reason, ending.ErrorId);
        }
        catch (SegmentPushException) when (error?.ErrorId.StartsWith("Journal", StringComparison.Ordinal) == true)
        {
            // Sums can't agree with a journal that did not take what it was to hold; it is interrupted, and can be resumed.
            throw error;
        }
    }

    // People who were to be taken off the list are in no row of the sources.
    private PushStatus WriteRejected(Settlement settlement, PushStatus status, string path)
    {
        var rejected = settlement.GetRejected().Where(row => row.Source < _sources.Count);
        if (!rejected.Any())
        {
            // The file of an earlier push would pass for one of this push.
            OutputFile.At(path, RejectFile.Kind).DeleteOlder();
            return status;
        }

        RejectedRows.Write(path, _sources, rejected);
        return settlement.SaveEnded(status with { RejectPath = path });
    }

    private void ThrowIfSourceChanged()
    {
        foreach (var source in _sources) source.ThrowIfChanged();
    }

    private void Warn(string message) => _events.TryWrite(new PushWarned(message));

    private void Tell(CallReport report) => _events.TryWrite(new CallFinished(report));

    private sealed record Aim(PushTarget Target, PushLocks Locks);
}
