using System.Threading.Channels;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Platform;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Pushes;

/// <summary>One run of a push from its entry in the journal to its end: a new one, a resumed one, or an undo.</summary>
internal sealed class PushRun(PushOptions options, IReadOnlyList<PushSource> sources, ChannelWriter<PushEvent> events)
{
    private const string NoConsentKnown = "The export of the audience has no field of consent to marketing by email, so that nobody is excluded for it. "
        + "-IgnoreConsent says that this is right, and leaves this warning out.";

    private readonly TimeProvider _time = options.Connection.Time;

    /// <summary>Runs a new push.</summary>
    public Task BeginAsync(CancellationToken cancellation) => WatchAsync(async () =>
    {
        var address = options.Journal ?? JournalAddress.Default;
        using var journal = PushJournal.Open(address, options.Connection.Host);
        if (address.Warning is { } warning) Warn(warning);

        // Before the journal has the push: from then on it can be resumed, and a resume needs the rows.
        foreach (var source in sources) source.Keep(true);
        GuardCalls(journal);
        var settlement = Settlement.Begin(journal, NewStatus(), PushRequest.Of(options), sources, _time, CountCalls());
        CallGuard.TellChanges(settlement.Changes);

        // Not before the journal names this push's own file: the disk may have another clock than this machine.
        var spools = journal.Pushes.GetSpools();
        SpoolFiles.Sweep(journal.Folder, spools, _time.GetUtcNow());
        AudienceSpool.Sweep(journal.Folder, spools, _time.GetUtcNow());
        using var copies = settlement.CopySpools(sources);
        await RunAsync(
            new PushStart(options, sources, journal, settlement, Tell) { ChecksSources = true },
            target => DeliverAndReconcileAsync(target, journal, settlement, cancellation),
            cancellation).ConfigureAwait(false);
    });

    /// <summary>Goes on with a push.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="started">The push, which the journal has taken over.</param>
    /// <param name="evenIfSuperseded">Whether it goes on although a newer push of its destination has completed.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task ContinueAsync(PushJournal journal, StartedPush started, bool evenIfSuperseded, CancellationToken cancellation) => WatchAsync(async () =>
    {
        GuardCalls(journal);
        MappingCheck.Run(options.Mapping, sources);
        var settlement = Settlement.Continue(journal, started with { Status = started.Status with { CallsPer20Seconds = options.Connection.CallsPer20Seconds } }, _time, CountCalls());
        CallGuard.TellChanges(settlement.Changes);

        // The others are looked at once the target is resolved.
        settlement.HalfDone!.Reopen(settlement.Imports, [Stage.Received], new Dictionary<int, ImportFileState>());
        using var copies = settlement.CopySpools(sources);
        await RunAsync(
            new PushStart(options, sources, journal, settlement, Tell) { IsResumed = true, EvenIfSuperseded = evenIfSuperseded },
            target => DeliverAndReconcileAsync(target, journal, settlement, cancellation),
            cancellation).ConfigureAwait(false);
    });

    /// <summary>Undoes a push.</summary>
    public Task UndoAsync(UndoOptions undo, PushStatus undone, PushJournal journal, CancellationToken cancellation) => WatchAsync(async () =>
    {
        GuardCalls(journal);
        var status = NewStatus() with { UndoOf = undone.Id, Destination = undone.Destination, Mode = undone.Mode };
        var request = new PushRequest(options.Mapping, options.Delivery, null, options.JournalIdentity);
        var settlement = Settlement.Begin(journal, status, request, [], _time, CountCalls());
        CallGuard.TellChanges(settlement.Changes);

        // The push that it waited for may have changed the list.
        await RunAsync(
            new PushStart(options, sources, journal, settlement, Tell),
            target => new UndoRun(undo, UndoablePush.Find(journal, undone.Id, undo.Alone), journal, target, Warn).RunAsync(settlement, cancellation),
            cancellation).ConfigureAwait(false);
    });

    // The order of every push: resolve the target, do the work, which returns whether the list was proven, and end.
    private async Task RunAsync(PushStart start, Func<PushTarget, Task<bool>> work, CancellationToken cancellation)
    {
        await using var closing = start.ConfigureAwait(false);
        Exception? fault = await start.TryResolveTargetAsync(cancellation).ConfigureAwait(false);
        if (start.Earlier is { } earlier)
        {
            await events.WriteAsync(new PushEnded(EndAsAlreadyPushed(start.Settlement, earlier), null), CancellationToken.None).ConfigureAwait(false);
            return;
        }

        bool isVerified = false;
        if (fault is null)
        {
            await events.WriteAsync(new PushStarted(start.Settlement.Status), CancellationToken.None).ConfigureAwait(false);
            try
            {
                isVerified = await work(start.Target).ConfigureAwait(false);
                fault = Arrival.FindFault(start.Settlement.Status, options.MaxRejectPercent, start.Settlement.Outcomes.CountReasons);
            }
            catch (Exception e)
            {
                fault = e;
            }
        }

        var ending = fault is OperationCanceledException && sources.Any(source => source.Spool is { HasEnded: false }) ? PushEnding.OfStop(PushStop.StoppedInPipeline)
            : fault is not null && !start.IsResolved && start.IsResumed ? PushEnding.OfResumeThatDidNotBegin(fault)
            : PushEnding.Of(fault);
        var (status, error) = new PushFinish(options, sources, start.Settlement).End(ending, fault, isVerified);
        if (status.State == PushState.Completed) await CleanAsync(start.Settlement, cancellation).ConfigureAwait(false);
        await events.WriteAsync(new PushEnded(status, error) { Stop = ending.Stop }, CancellationToken.None).ConfigureAwait(false);
    }

    // The reject file, if there is one, is of the push that has done the same, and stays.
    private PushStatus EndAsAlreadyPushed(Settlement settlement, PushStatus earlier)
    {
        var status = settlement.Ending.End(PushEnding.OfAlreadyPushed(earlier), isVerified: false, rejectPath: null);
        foreach (var source in sources) source.Keep(false);
        return status;
    }

    // The push is complete, also where older exports can't be deleted.
    private async Task CleanAsync(Settlement settlement, CancellationToken cancellation)
    {
        if (options.Destination?.Destination is not { HasAudience: true } destination) return;
        foreach (var source in sources.Where(source => source.Audience is not null))
        {
            try
            {
                await new AudienceCleaning(source.Audience!.Connection, settlement.Export, Warn)
                    .RunAsync(destination.Name, destination.KeepExports, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or SegmentPushException)
            {
                Warn($"Older exports of the audience stay in Experience Platform: {(e is SegmentPushException error ? error.Text : MessageText.AsIs(e.Message))} The next push deletes them.");
            }
        }
    }

    // Delivers the people, and does what their destination wants besides. Returns whether the list was proven.
    private async Task<bool> DeliverAndReconcileAsync(PushTarget target, PushJournal journal, Settlement settlement, CancellationToken cancellation)
    {
        var halfDone = settlement.HalfDone;
        if (options.Destination is not null) Tell("Reading what is known of the list", settlement);
        using var run = options.Destination is null ? null : await DestinationRun
            .BeginAsync(new ListWork(options, target, journal, settlement, sources, Warn), cancellation).ConfigureAwait(false);

        // People that an earlier process has left half done may be on the list under another identity.
        if (run is not null && halfDone is not null) await run.LoadAsync(cancellation).ConfigureAwait(false);
        var rowsAgain = new RowsAgain(options, target, sources, run?.Membership);
        bool bySync = halfDone is not null
            && await new StageResume(target, options, settlement, halfDone, rowsAgain, Warn).ResumeAsync(cancellation).ConfigureAwait(false);
        Tell("Delivering people", settlement);
        var intake = new SegmentIntake(sources, target.Mapping, target.Use, target.OnlyMatches, halfDone?.GetEnteredRows(), run?.Membership, options.IgnoreConsent);
        if (intake.LacksConsent) Warn(NoConsentKnown);
        await new SegmentDelivery(options, target, intake, rowsAgain, run, settlement, events).DeliverAsync(bySync, cancellation).ConfigureAwait(false);
        halfDone?.EndReadingAgain();
        if (intake.LeftOut.HasAny) Warn(intake.LeftOut.Describe());
        if (intake.IgnoredExits is > 0 and var ignored) Warn(OfIgnoredExits(ignored));
        if (sources.Any(source => !source.IsEmpty && source.Reader is SpoolReader { IsComplete: false }))
        {
            // A part of a segment tells of nobody that they have left, but of people whose rows say so.
            if (run is not null) await run.RemoveExitedAsync(cancellation).ConfigureAwait(false);
            throw HalfPipeline(settlement.Status);
        }

        if (run is null) return false;

        // A segment that found nobody, or whose rows are mostly at fault, can't tell which people have left.
        if (options.Destination!.Destination.Mode.TakesOffAbsent
            && Arrival.FindFault(settlement.Status, options.MaxRejectPercent, settlement.Outcomes.CountReasons, beforeRemovals: true) is { } fault) throw fault;
        Tell("Bringing the list in step", settlement);
        await run.ReconcileAsync(intake.Extent, cancellation).ConfigureAwait(false);
        run.Complete(intake.Extent);
        return run.IsVerified;
    }

    private static MessageText OfIgnoredExits(long rows) => MessageText.Plural(
        rows,
        $"{rows:N0} row says that its person has left the segment. The row counted like all others, because only the mode Delta of a destination reads the membership.",
        $"{rows:N0} rows say that their people have left the segment. The rows counted like all others, because only the mode Delta of a destination reads the membership.");

    // A part of a segment can't tell which people have left, and a resume would end the same: the other rows never come.
    private static SegmentPushException HalfPipeline(PushStatus status) => new(
        SegmentPushException.PipelineIncomplete,
        MessageText.Plural(
            status.Received,
            $"The pipeline had not ended when the push was stopped: {status.Received:N0} row had come and is delivered, and the others are not known.",
            $"The pipeline had not ended when the push was stopped: {status.Received:N0} rows had come and are delivered, and the others are not known."),
        "Push the segment again: people who are on the list stay there, and nobody is created twice.",
        status.Id);

    private async Task WatchAsync(Func<Task> run)
    {
        try
        {
            options.Connection.CallFinished += Tell;
            foreach (var platform in Platforms()) platform.CallFinished += Tell;
            WorkWaits.Use(wait => events.TryWrite(new PushWaits(wait)));
            await run().ConfigureAwait(false);
        }
        finally
        {
            options.Connection.CallFinished -= Tell;
            foreach (var platform in Platforms()) platform.CallFinished -= Tell;
            foreach (var source in sources) source.Dispose();
        }
    }

    private IEnumerable<PlatformConnection> Platforms() => sources.Select(source => source.Audience?.Connection).OfType<PlatformConnection>().Distinct();

    // Before each call the sources must be what they were, and the push must be this process's own: also where the process slept while the journal was written.
    private void GuardCalls(PushJournal journal) => CallGuard.Use(
        () =>
        {
            foreach (var source in sources) source.ThrowIfChanged();
            journal.Locks.ThrowIfLost();
        },
        journal.Locks.ThrowIfLost);

    private Func<long> CountCalls()
    {
        long before = options.Connection.Calls;
        return () => options.Connection.Calls - before;
    }

    private PushStatus NewStatus() => new()
    {
        Id = Guid.CreateVersion7(_time.GetUtcNow()),
        State = PushState.Running,
        Instance = options.Connection.Instance,
        StaticListId = options.StaticList.Id ?? 0,
        StaticListName = options.StaticList.Name ?? string.Empty,
        Source = [.. sources.Select(source => source.Name)],
        Form = [.. sources.Select(source => source.FormDescription.ToString())],
        PersonCreation = options.PersonCreation,
        ExistingPeople = options.ExistingPeople,
        Delivery = options.Delivery == Delivery.Auto ? Delivery.Sync : options.Delivery,
        Partition = options.Partition,
        Destination = options.Destination?.Destination.Name,
        Mode = options.Destination?.Destination.Mode,
        Started = _time.GetUtcNow(),
        CallsPer20Seconds = options.Connection.CallsPer20Seconds,
    };

    private void Tell(PushEvent happened) => events.TryWrite(happened);

    private void Warn(MessageText message) => Tell(new PushWarned(message));

    private void Tell(MessageText phase, Settlement settlement) => events.TryWrite(new PushPhaseBegan(settlement.Status, phase));

    private void Tell(CallReport report) => events.TryWrite(new CallFinished(report));
}
