using SegmentPush.Lists;

namespace SegmentPush.Journal;

/// <summary>Writes how people of a push stand. Each call is one transaction: all of it, or nothing.</summary>
internal interface IOutcomeStore
{
    /// <summary>Enters people, the state of an import, and where the push stands now.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="batches">What is entered, in this order; one or more. The last one tells where the push stands.</param>
    /// <exception cref="SegmentPushException">Somebody is settled already (<c>SumsDisagree</c>), or the snapshot is not the newest one (<c>SnapshotOutdated</c>).</exception>
    void Write(long pushKey, params IReadOnlyList<OutcomeBatch> batches);

    /// <summary>Takes people back to the stage Received, because their call was not executed or its answer left them open.</summary>
    void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows);

    /// <summary>Gives rows that were settled as on the list another outcome, because the list was seen not to hold their people.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="people">The rows with the outcomes that they have now.</param>
    /// <exception cref="SegmentPushException">A row has another outcome than <c>Added</c> or <c>AlreadyMember</c> (<c>SumsDisagree</c>).</exception>
    void SettleAnew(long pushKey, IReadOnlyCollection<PersonEntry> people);

    /// <summary>Notes that imported people of a push were members of its list.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="generation">The snapshot.</param>
    /// <param name="members">Numbers in the snapshot of people with their identities.</param>
    void TellMembers(long pushKey, SnapshotGeneration generation, IReadOnlyList<int> members);

    /// <summary>Notes that imported people of a push are other people than the members they were matched with.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="members">Numbers of those members.</param>
    /// <returns>The numbers that had such a person.</returns>
    IReadOnlyList<int> TellAdded(long pushKey, IReadOnlyList<int> members);

    /// <summary>Takes people back from their outcome to an earlier stage.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="people">The people at that stage. Those that the push did not hold before are entered.</param>
    void TakeBack(long pushKey, IReadOnlyCollection<PersonEntry> people);

    /// <summary>Takes rows of a push out, with any outcome.</summary>
    /// <exception cref="SegmentPushException">It does not hold one of them (<c>SumsDisagree</c>).</exception>
    void TakeOut(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows);

    /// <summary>
    /// Takes out the people of a push who are read from its sources again: those at some stages, and those of import files that are lost.
    /// The push runs again.
    /// </summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="stages">The stages of people who are read again.</param>
    /// <param name="lostImports">Accepted imports that Marketo does not know, has given up or does not account for, with their new state.</param>
    void Reopen(long pushKey, IReadOnlyCollection<Stage> stages, IReadOnlyDictionary<int, ImportFileState> lostImports);
}
