using SegmentPush.Lists;

namespace SegmentPush.Journal;

/// <summary>Keeps snapshots of lists, and keeps one of them in step with the outcomes of a push.</summary>
internal interface IPushSnapshots : ISnapshotStore
{
    /// <summary>How many people are on the list of a snapshot as far as is known; 0 for a list that was never read.</summary>
    int Count(long? snapshotKey);

    /// <summary>From here on the outcomes of people change a snapshot.</summary>
    void Follow(SnapshotGeneration generation);

    /// <summary>What has changed in the snapshot that is followed since this was asked last.</summary>
    SnapshotChanges TakeChanges();

    /// <summary>Which of some members have an id in doubt by now, as an import may have put it in doubt since the snapshot was loaded.</summary>
    IReadOnlySet<int> FindDoubted(SnapshotGeneration generation, IReadOnlyCollection<int> numbers);

    /// <summary>Takes members out of the snapshot that is followed.</summary>
    void ForgetMembers(IReadOnlyList<int> numbers);

    /// <summary>Forgets what was sent for members of the snapshot that is followed, because a call is about to write other values.</summary>
    void DoubtMembers(IReadOnlyList<int> numbers);

    /// <summary>Notes that ids of members hold that the upload of an import has put in doubt. Nothing is noted where no snapshot is followed.</summary>
    void ConfirmIds(IReadOnlyList<LearntId> ids);

    /// <summary>
    /// Notes with which generation a push works. Where that is another one than before, open people of the push get the numbers of this generation, and
    /// people that the push had put on the list, and that the generation does not know, are taken out.
    /// </summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="isChanged">Whether another push may have changed the list since this one was stopped. Then people are taken out in any case.</param>
    /// <param name="readsImportsAgain">Whether people of imports that Marketo has accepted are read again: then they are no members before they are sent.</param>
    /// <returns>Rows of the people that were taken out.</returns>
    IReadOnlyList<ReopenedRow> Bind(long pushKey, SnapshotGeneration generation, bool isChanged, bool readsImportsAgain);

    /// <summary>Ends the following of a snapshot, and deletes it where no destination and no other push needs it any more.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="ended">The push that has followed it, and that has ended.</param>
    void ForgetUnused(SnapshotGeneration generation, Guid ended);
}
