using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>Pushes that are given up, and pushes that a newer one has superseded.</content>
internal sealed partial class PushJournal
{
    /// <summary>Gives up a push that has not completed: it can't be resumed any more, and its history stays.</summary>
    /// <returns>The push as it is now. A push that was given up before stays as it is.</returns>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NothingToAbandon</c>.</exception>
    public PushStatus Abandon(Guid id)
    {
        using var held = TakeAlive(id);
        if (GetPushes(new PushFilter { Ids = [id] }) is not [var push]) throw NotFound(id);
        if (held is null) throw Running(id);
        if (push.State == PushState.Abandoned) return push;
        if (push.State == PushState.Completed)
        {
            throw new SegmentPushException(
                "NothingToAbandon", $"The push {id} is complete, so there is nothing to give up.", "Undo-SegmentPush takes a push back.", id);
        }

        var abandoned = push with
        {
            State = PushState.Abandoned,
            Reason = push.Reason is null ? "Given up by the user." : $"Given up by the user. Before: {push.Reason}",
            Ended = push.Ended ?? Now,
            IsSuperseded = false,
        };
        long key = ReadStarted(push).Key;
        Settle(key, [], abandoned);
        foreach (string spool in GetSpools(id)) PrivateFile.Delete(Path.Combine(Folder, spool));
        return abandoned;
    }

    /// <summary>Whether a newer push of the same destination into the same list has completed.</summary>
    public bool IsSuperseded(Guid id) => GetPushes(new PushFilter { Ids = [id] }) is [{ IsSuperseded: true }];

    /// <summary>The error of a push that a newer one has superseded.</summary>
    public static SegmentPushException Superseded(PushStatus push) => new(
        "Superseded",
        $"A newer push of the destination '{push.Destination}' has completed since the push {push.Id} was interrupted, so a resume would put older data over newer data.",
        "Push today's segment instead. Where the older push is wanted all the same, resume it with -Force; Stop-SegmentPush gives it up.",
        push.Id);

    // Why a push can't be resumed; null where it can.
    private static SegmentPushException? WhyNotResumable(PushStatus push, bool evenIfSuperseded) => push switch
    {
        { State: PushState.Completed } => new SegmentPushException(
            "NothingToResume", $"The push {push.Id} is complete.", "Push the segment again to bring its list up to date.", push.Id),
        { State: PushState.Abandoned } => new SegmentPushException(
            "Abandoned", $"The push {push.Id} was given up and can't be resumed.", "Push the segment again: nobody is created twice.", push.Id),
        { State: PushState.Failed, HasBegun: false } => new SegmentPushException(
            "NothingToResume",
            $"The push {push.Id} failed before it began, so there is nothing to resume: {push.Reason}",
            "Mend what the reason names, and push the segment again.",
            push.Id),
        { IsSuperseded: true } when !evenIfSuperseded => Superseded(push),
        { State: PushState.Failed, CanBeResumed: false, IsSuperseded: false } => new SegmentPushException(
            "NothingToResume",
            $"The push {push.Id} has ended for good, and a resume would end the same: {push.Reason}",
            "Mend the file or the mapping, and push the segment again: nobody is created twice.",
            push.Id),
        _ => null,
    };

    // The journal holds neither that a process was killed nor that a newer push has completed.
    private static IEnumerable<PushState> StoredAs(IReadOnlyList<PushState> states) => states
        .SelectMany(state => state is PushState.Interrupted or PushState.Superseded ? [PushState.Interrupted, PushState.Running] : new[] { state })
        .Distinct();

    private static PushStatus Supersede(long pushKey, PushStatus push, Lazy<NewestPushes> newest)
    {
        if (push.Destination is null || push.State is not (PushState.Interrupted or PushState.Failed) || newest.Value.KeyOf(push) <= pushKey) return push;
        return push with { IsSuperseded = true, State = push.State == PushState.Interrupted ? PushState.Superseded : push.State };
    }

    // By key, because a clock may have been put back between two pushes.
    private NewestPushes ReadNewestPushes()
    {
        using var command = Command(
            null,
            "SELECT destination, instance, list_id, MAX(push_key) FROM push "
            + $"WHERE state = {(int)PushState.Completed} AND destination IS NOT NULL GROUP BY destination, instance, list_id");
        using var reader = command.ExecuteReader();
        var newest = new NewestPushes();
        while (reader.Read()) newest.Add(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3));
        return newest;
    }

    private List<string> GetSpools(Guid id) => Guard(() =>
    {
        using var command = Command(null, "SELECT spool FROM push JOIN push_source USING (push_key) WHERE id = $id AND spool IS NOT NULL");
        command.Parameters.AddWithValue("$id", id.ToString());
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    });

    // The key of the newest completed push of each destination into each list.
    private sealed class NewestPushes
    {
        private readonly Dictionary<(string Destination, string Instance, long ListId), long> _keys = [];

        public void Add(string destination, string instance, long listId, long key)
        {
            var target = (Fold(destination), instance, listId);
            _keys[target] = Math.Max(key, _keys.GetValueOrDefault(target));
        }

        public long KeyOf(PushStatus push) => _keys.GetValueOrDefault((Fold(push.Destination!), push.Instance, push.StaticListId));
    }
}
