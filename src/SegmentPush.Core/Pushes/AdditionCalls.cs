using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Puts people on the list whose ids are known, 300 a call.</summary>
internal static class AdditionCalls
{
    /// <summary>Puts people on the list.</summary>
    /// <param name="connection">The instance.</param>
    /// <param name="listId">The list.</param>
    /// <param name="ids">Ids of the people, each once.</param>
    /// <param name="left">Takes the ids that no call has put on the list, where Marketo has refused a call or none has left.</param>
    /// <param name="taken">Takes the results of each call, in the order of its ids, before the next call.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task AddAsync(
        MarketoConnection connection,
        long listId,
        IReadOnlyCollection<long> ids,
        Action<IReadOnlyList<long>> left,
        Action<IReadOnlyDictionary<long, RecordResult>> taken,
        CancellationToken cancellation)
    {
        long[] open = [.. ids];
        foreach (long[] batch in ids.Chunk(StaticLists.MaxRecords))
        {
            open = open[batch.Length..];
            var results = await SendRestAsync(batch, open).ConfigureAwait(false);
            taken(batch.Select((id, i) => (id, Result: results[i])).ToDictionary(pair => pair.id, pair => pair.Result));
        }

        // The first call that fails ends it: those behind it were not sent.
        async Task<IReadOnlyList<RecordResult>> SendRestAsync(long[] batch, long[] rest)
        {
            try
            {
                return await SendAsync(connection, listId, batch, () => left(batch), cancellation).ConfigureAwait(false);
            }
            catch when (rest.Length > 0)
            {
                left(rest);
                throw;
            }
        }
    }

    /// <summary>Sends one call.</summary>
    /// <param name="connection">The instance.</param>
    /// <param name="listId">The list.</param>
    /// <param name="ids">Ids of at most 300 people, each once.</param>
    /// <param name="left">Is called where Marketo has refused the call, or where it has not left.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>One result for each person, in the order of the ids.</returns>
    public static async Task<IReadOnlyList<RecordResult>> SendAsync(
        MarketoConnection connection, long listId, IReadOnlyList<long> ids, Action left, CancellationToken cancellation)
    {
        bool isSent = false;
        try
        {
            return await connection.StaticLists.AddAsync(listId, ids, cancellation, sending: () => isSent = true, notRun: () => isSent = false).ConfigureAwait(false);
        }
        catch (Exception e) when (!isSent || e is MarketoException { MayHaveRun: false })
        {
            left();
            throw;
        }
    }
}
