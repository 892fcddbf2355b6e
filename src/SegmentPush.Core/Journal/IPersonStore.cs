namespace SegmentPush.Journal;

/// <summary>Reads what became of people, by push or by person.</summary>
internal interface IPersonStore
{
    /// <summary>The people of a push in the order of their rows, read as they are asked for.</summary>
    IEnumerable<PersonStatus> Get(Guid pushId, IReadOnlyList<PersonOutcome> outcomes);

    /// <summary>What became of one person in a push.</summary>
    /// <param name="push">The push.</param>
    /// <param name="identity">The identity's value; compared without case, and found also where the journal keeps hashes.</param>
    IReadOnlyList<PersonStatus> Find(PushStatus push, string identity);

    /// <summary>What a push did with a person that no row of it names: it took the person off the list, or put the person back.</summary>
    /// <param name="push">The push.</param>
    /// <param name="identity">The identity's value, for the result.</param>
    /// <param name="marketoIds">The person's ids in Marketo; several people may have one identity.</param>
    IReadOnlyList<PersonStatus> FindUnnamed(PushStatus push, string identity, IReadOnlyCollection<long> marketoIds);

    /// <summary>Whether the journal keeps hashes of the identities of a push's people.</summary>
    bool KeepsHashes(Guid pushId);
}
