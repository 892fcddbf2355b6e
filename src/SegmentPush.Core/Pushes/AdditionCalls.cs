using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Puts people on the list whose ids are known, 300 a call.</summary>
internal static class AdditionCalls
{
    /// <summary>Puts people on the list.</summary>
    /// <param name="connection">The instance.</param>
    /// <param name="listId">The list.</param>
    /// <param name="ids">Ids of the people, each once.</param>
    /// <param name="refused">Takes the ids that are left, where Marketo has refused a call, and has not executed it.</param>
    /// <param name="taken">Takes the results of each call, in the order of its ids, before the next call.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task AddAsync(
        MarketoConnection connection,
        long listId,
        IReadOnlyCollection<long> ids,
        Action<IReadOnlyList<long>> refused,
        Action<IReadOnlyDictionary<long, RecordResult>> taken,
        CancellationToken cancellation)
    {
        long[] left = [.. ids];
        foreach (long[] batch in ids.Chunk(StaticLists.MaxRecords))
        {
            var results = await SendAsync(connection, listId, batch, () => refused(left), cancellation).ConfigureAwait(false);
            left = left[batch.Length..];
            taken(batch.Select((id, i) => (id, Result: results[i])).ToDictionary(pair => pair.id, pair => pair.Result));
        }
    }

    /// <summary>Sends one call.</summary>
    /// <param name="connection">The instance.</param>
    /// <param name="listId">The list.</param>
    /// <param name="ids">Ids of at most 300 people, each once.</param>
    /// <param name="refused">Is called where Marketo has refused the call, and has not executed it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>One result for each person, in the order of the ids.</returns>
    public static async Task<IReadOnlyList<RecordResult>> SendAsync(
        MarketoConnection connection, long listId, IReadOnlyList<long> ids, Action refused, CancellationToken cancellation)
    {
        try
        {
            return await connection.StaticLists.AddAsync(listId, ids, cancellation).ConfigureAwait(false);
        }
        catch (MarketoException e) when (!e.MayHaveRun)
        {
            refused();
            throw;
        }
    }
}
