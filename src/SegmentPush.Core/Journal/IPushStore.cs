namespace SegmentPush.Journal;

/// <summary>Keeps pushes: what each was to do, where its people come from, and how it stands.</summary>
internal interface IPushStore
{
    /// <summary>Enters a new push.</summary>
    /// <param name="status">The push at its start.</param>
    /// <param name="request">What it is to do, as text.</param>
    /// <param name="sources">Where its people come from.</param>
    /// <param name="identities">How the identities of its people are kept.</param>
    /// <returns>Its key.</returns>
    long Add(PushStatus status, string request, IReadOnlyList<SourceEntry> sources, JournalIdentity identities);

    /// <summary>Notes which list a push goes into, once that is found.</summary>
    void SetTarget(long pushKey, long listId, string listName, string? partition);

    /// <summary>Keeps the proof of a push.</summary>
    void SaveReceipt(long pushKey, string receipt);

    /// <summary>The proof of a push; null where it has none.</summary>
    string? GetReceipt(Guid id);

    /// <summary>How many calls a push had made at some moments, in their order.</summary>
    IReadOnlyList<CallCount> GetCalls(Guid id);

    /// <summary>What a push was to do. From here on its people's identities are kept as it keeps them.</summary>
    StartedPush GetStarted(PushStatus status);

    /// <summary>What a push was to do, as text, null where an older SegmentPush began it; and where its people come from.</summary>
    (string? Request, IReadOnlyList<SourceEntry> Sources) GetAsked(long pushKey);

    /// <summary>Pushes as they are stored, newest first: the journal holds neither that a process was killed nor that a newer push has completed.</summary>
    /// <param name="filter">Which ones. Names and <see cref="PushFilter.Last"/> are left to the caller.</param>
    /// <param name="after">Only pushes behind this one; null for the first ones.</param>
    /// <param name="most">At most so many.</param>
    IReadOnlyList<StoredPush> Get(PushFilter filter, StoredPush? after, int most);

    /// <summary>The newest completed push of each destination into each list.</summary>
    IReadOnlyList<NewestPush> GetNewestCompleted();

    /// <summary>Ids that end with these hexadecimal digits, newest first.</summary>
    IReadOnlyList<Guid> FindIds(string lastDigits);

    /// <summary>Names of the files beside the journal that keep the rows of a push.</summary>
    IReadOnlyList<string> GetSpools(Guid id);

    /// <summary>Names of the files beside the journal that keep the rows of pushes, and whether their push may still be resumed.</summary>
    IReadOnlyDictionary<string, bool> GetSpools();

    /// <summary>Takes a push out with all that belongs to it.</summary>
    void Remove(Guid id);

    /// <summary>Gives the space of removed pushes back to the disk. Everybody else waits for as long as that takes.</summary>
    void GiveSpaceBack();
}

/// <summary>How many calls a push had made.</summary>
/// <param name="At">When, to a window of 20 seconds.</param>
/// <param name="Calls">API calls from its start on.</param>
/// <param name="PerWindow">Most that its connection makes in such a window.</param>
internal readonly record struct CallCount(DateTimeOffset At, long Calls, int PerWindow);

/// <summary>A push as it is stored.</summary>
/// <param name="Key">Its key; a later push has a greater one.</param>
/// <param name="Status">How it stands in the journal.</param>
internal sealed record StoredPush(long Key, PushStatus Status);

/// <summary>The newest completed push of a destination into a list.</summary>
/// <param name="Destination">Name of the destination.</param>
/// <param name="Instance">The instance.</param>
/// <param name="ListId">REST id of the list.</param>
/// <param name="Key">Key of the push.</param>
internal readonly record struct NewestPush(string Destination, string Instance, long ListId, long Key);
