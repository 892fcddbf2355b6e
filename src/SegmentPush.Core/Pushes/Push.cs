using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>What can be done with pushes: run, resume, undo, give up.</summary>
internal static class Push
{
    /// <summary>Runs a push and tells how it goes. A listener that stops listening stops the push.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="sources">Where the people come from; the push disposes them.</param>
    /// <param name="cancellation">Stops it; its status is then <see cref="PushState.Interrupted"/>.</param>
    /// <returns>Events, the last of them <see cref="PushEnded"/>, which also carries the error of a push that failed on its way.</returns>
    /// <exception cref="SegmentPushException">The push could not begin: nothing was changed in Marketo. Its status is <see cref="PushState.Failed"/>.</exception>
    public static IAsyncEnumerable<PushEvent> RunAsync(
        PushOptions options, IReadOnlyList<PushSource> sources, CancellationToken cancellation) =>
        PushEventStream.RunAsync(events => new PushRun(options, sources, events).BeginAsync, cancellation);

    /// <summary>Goes on with a push whose people were not all delivered, and tells how it goes.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="id">The push.</param>
    /// <param name="cancellation">Stops it again.</param>
    /// <returns>Events as of a new push.</returns>
    /// <exception cref="SegmentPushException">It can't be resumed: nothing was changed in Marketo.</exception>
    public static IAsyncEnumerable<PushEvent> ResumeAsync(ResumeOptions options, Guid id, CancellationToken cancellation) =>
        PushEventStream.RunAsync(
            events => async stop =>
            {
                using var journal = PushJournal.Open(options.Journal, options.Connection.Host);
                var started = await journal.Lifecycle.TakeOverAsync(id, options.EvenIfSuperseded, stop).ConfigureAwait(false);
                var run = new PushRun(options.For(started), options.Open(started, journal), events);
                await run.ContinueAsync(journal, started, options.EvenIfSuperseded, stop).ConfigureAwait(false);
            },
            cancellation);

    /// <summary>Puts the membership of a list back as it was before a push, as a push of its own.</summary>
    /// <param name="options">How.</param>
    /// <param name="id">The push.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Events as of any push.</returns>
    /// <exception cref="SegmentPushException">It can't be undone: nothing was changed in Marketo.</exception>
    public static IAsyncEnumerable<PushEvent> UndoAsync(UndoOptions options, Guid id, CancellationToken cancellation) =>
        PushEventStream.RunAsync(
            events => async stop =>
            {
                using var journal = PushJournal.Open(options.Sending.Journal, options.Sending.Connection.Host);
                var undone = UndoablePush.Find(journal, id, options.Alone);
                await new PushRun(OptionsFor(options, journal, undone), [], events).UndoAsync(options, undone, journal, stop).ConfigureAwait(false);
            },
            cancellation);

    /// <summary>What an undoing would do.</summary>
    /// <param name="options">How.</param>
    /// <param name="id">The push.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="tell">Takes what would be done with each person; null for nobody.</param>
    /// <param name="warn">Is told what the user should know; null for nobody.</param>
    /// <exception cref="SegmentPushException">It would end with the same error.</exception>
    public static async Task<PushPlan> PlanUndoAsync(UndoOptions options, Guid id, CancellationToken cancellation, Action<PersonPlan>? tell = null, Action<MessageText>? warn = null)
    {
        using var journal = PushJournal.Open(options.Sending.Journal, options.Sending.Connection.Host);
        var undone = UndoablePush.Find(journal, id, options.Alone);
        var target = await PushTarget.ResolveAsync(OptionsFor(options, journal, undone), cancellation).ConfigureAwait(false);
        return await new UndoRun(options, undone, journal, target, warn ?? (_ => { })).PlanAsync(tell, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives up a push that has not completed: it can't be resumed any more, and its history stays.</summary>
    /// <param name="journal">The journal; null for the user's own.</param>
    /// <param name="id">The push.</param>
    /// <returns>The push as it is now. A push that was given up before stays as it is.</returns>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NothingToAbandon</c>.</exception>
    public static PushStatus Abandon(JournalAddress? journal, Guid id)
    {
        using var open = PushJournal.Open(journal);
        return open.Lifecycle.Abandon(id);
    }

    // Nothing but the list is written, and nobody is created.
    private static PushOptions OptionsFor(UndoOptions options, PushJournal journal, PushStatus undone) =>
        options.Sending.For(journal.Pushes.GetStarted(undone)) with
        {
            PersonCreation = PersonCreation.MatchExisting,
            ExistingPeople = ExistingPeople.Keep,
            Delivery = Delivery.Sync,
            Destination = null,
            RejectPath = null,
        };
}
