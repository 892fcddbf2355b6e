using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Puts people on the list whose ids are known, 300 a call.</summary>
internal static class AdditionCalls
{
    /// <summary>Puts people on the list.</summary>
    /// <param name="connection">The instance.</param>
    /// <param name="listId">The list.</param>
    /// <param name="ids">Ids of the people, each once.</param>
    /// <param name="taken">Takes the results of each call, in the order of its ids, before the next call.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task AddAsync(
        MarketoConnection connection, long listId, IReadOnlyCollection<long> ids, Action<IReadOnlyDictionary<long, RecordResult>> taken, CancellationToken cancellation)
    {
        foreach (long[] batch in ids.Chunk(StaticLists.MaxRecords))
        {
            var results = await connection.StaticLists.AddAsync(listId, batch, cancellation).ConfigureAwait(false);
            taken(batch.Select((id, i) => (id, Result: results[i])).ToDictionary(pair => pair.id, pair => pair.Result));
        }
    }
}
