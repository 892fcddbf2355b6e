namespace SegmentPush.Journal;

/// <summary>Records and finds calls and imports of pushes that Marketo may still execute.</summary>
internal interface IOpenCallStore
{
    /// <summary>Notes that a push is about to send a call that changes people or its list.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="runsUntil">When no call of the push can run any more, by Marketo's clock.</param>
    /// <param name="now">The moment by the clock of the push.</param>
    void Note(long pushKey, DateTimeOffset runsUntil, DateTimeOffset now);

    /// <summary>When no call of other pushes into a list can run any more, by Marketo's clock; null where all of their calls were answered.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="listId">REST id of the list.</param>
    /// <param name="except">The push that asks. It holds the lock of the list, so that no other one runs.</param>
    DateTimeOffset? FindEnd(string instance, long listId, Guid except);

    /// <summary>Notes that no call of other pushes into a list runs any more.</summary>
    /// <inheritdoc cref="FindEnd"/>
    void End(string instance, long listId, Guid except);

    /// <summary>When the last call of other pushes was sent that can create people and whose answer is not known; null where there is none.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="except">The push that asks.</param>
    /// <param name="since">Calls that were sent before do not run any more, by Marketo's clock.</param>
    DateTimeOffset? FindLastCreate(string instance, Guid except, DateTimeOffset since);

    /// <summary>Notes that calls of other pushes can't create people any more.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="except">The push that has waited for them.</param>
    /// <param name="last">When the last one of them was sent.</param>
    void EndCreates(string instance, Guid except, DateTimeOffset last);

    /// <summary>Imports of other pushes that can create people and may still be under way.</summary>
    IReadOnlyList<OpenImport> GetCreatingImports(string instance, Guid except);

    /// <summary>Imports of a push that may still be under way, also those that create nobody.</summary>
    IReadOnlyList<OpenImport> GetImportsOf(Guid push);

    /// <summary>Imports of other pushes into a list that may still be under way, also those that create nobody.</summary>
    IReadOnlyList<OpenImport> GetImportsInto(string instance, long listId, Guid except);

    /// <summary>Notes that an import is over. Its push finds out how it ended.</summary>
    void EndImport(OpenImport import);

    /// <summary>Whether a call or an import of a push may still run, so that the journal must not forget it.</summary>
    bool HasOpen(Guid push);
}
