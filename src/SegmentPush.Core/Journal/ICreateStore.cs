namespace SegmentPush.Journal;

/// <summary>Knows what pushes have begun that may still create people in Marketo, or write their fields: calls whose answer is not known, and imports.</summary>
internal interface ICreateStore
{
    /// <summary>When the last call of other pushes was sent that can create people and whose answer is not known; null where there is none.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="except">The push that asks.</param>
    /// <param name="now">The moment by Marketo's clock.</param>
    DateTimeOffset? FindLastCall(string instance, Guid except, DateTimeOffset now);

    /// <summary>Notes that no call of other pushes can create people any more.</summary>
    void EndCalls(string instance, Guid except);

    /// <summary>Notes that a push that creates nobody is about to send a call that writes fields.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="sent">The moment by Marketo's clock.</param>
    void NoteWrite(long pushKey, DateTimeOffset sent);

    /// <summary>Other pushes into a list that create nobody, and that were killed or interrupted: when each of them sent its last call that writes fields.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="listId">REST id of the list.</param>
    /// <param name="except">The push that asks. It holds the lock of the list, so that no other one runs.</param>
    /// <param name="now">The moment by Marketo's clock.</param>
    IReadOnlyList<OpenWrite> GetWrites(string instance, long listId, Guid except, DateTimeOffset now);

    /// <summary>Imports of other pushes that can create people and may still be under way.</summary>
    IReadOnlyList<OpenImport> GetImports(string instance, Guid except);

    /// <summary>Imports of a push that may still be under way, also those that create nobody.</summary>
    IReadOnlyList<OpenImport> GetImportsOf(Guid push);

    /// <summary>Imports of other pushes into a list that may still be under way, also those that create nobody.</summary>
    IReadOnlyList<OpenImport> GetImportsInto(string instance, long listId, Guid except);

    /// <summary>Notes that an import is over. Its push finds out how it ended.</summary>
    void EndImport(OpenImport import);

    /// <summary>Whether a call or an import of a push may still create people, so that the journal must not forget it.</summary>
    bool HasOpen(Guid push);
}
