using SegmentPush.Lists;

namespace SegmentPush.Journal;

/// <summary>Knows what pushes have begun on their lists and not ended. Until that has ended, a snapshot may be wrong about who is on its list.</summary>
internal interface IOpenEditStore
{
    /// <summary>
    /// Whether another push has worked with a generation, and was killed or left people without an outcome; or a push or an undo that finds people by another
    /// field, and so works with another snapshot, has changed the list since the last push that worked with the generation, or may have.
    /// </summary>
    /// <param name="generation">The generation. Who begins another one has read the list since.</param>
    /// <param name="except">The push that asks. It holds the lock of the list, so that no other one runs.</param>
    /// <param name="started">When that push began. Its processes write to the journal before they read the list, so what they wrote last tells nothing.</param>
    bool HasAny(SnapshotGeneration generation, Guid except, DateTimeOffset started);

    /// <summary>Ids of the people that other pushes may have taken off the list with calls whose answers are not known.</summary>
    /// <inheritdoc cref="HasAny"/>
    IReadOnlyList<long> GetSentOff(SnapshotGeneration generation, Guid except);

    /// <summary>The other pushes that have worked with the generation, and are not complete.</summary>
    /// <inheritdoc cref="HasAny"/>
    IReadOnlyList<Guid> GetOpen(SnapshotGeneration generation, Guid except);
}
