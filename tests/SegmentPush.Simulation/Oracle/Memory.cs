namespace SegmentPush.Simulation.Oracle;

/// <summary>What a destination must have learnt of its list by now.</summary>
internal sealed class Memory
{
    /// <summary>People by the key of the identity that named them.</summary>
    public Dictionary<string, KnownPerson> People { get; } = [];

    /// <summary>People that a segment put on the list by an identity that others have got since.</summary>
    public HashSet<(string Key, long Id)> Former { get; } = [];

    /// <summary>Whether a person was put on the list by an identity that another one has got since.</summary>
    public bool IsFormer(string key, long id) => Former.Contains((key, id));

    /// <summary>People whose last row said that they have left, and that Marketo refused to take off the list.</summary>
    public HashSet<long> RefusedToLeave { get; } = [];

    /// <summary>People, by the keys of their identities, that only processes have read that were stopped: whether the journal has them, nobody knows.</summary>
    public HashSet<(string Key, long Id)> Unheard { get; } = [];

    /// <summary>Whether only processes that were stopped have read anybody by an identity.</summary>
    public bool IsUnheard(string key) => Unheard.Any(person => person.Key == key);

    /// <summary>Ids of people that it knows on the list.</summary>
    public HashSet<long> Ids { get; } = [];

    /// <summary>Whether it has read its list once.</summary>
    public bool IsSeeded { get; set; }

    /// <summary>Whether others changed something in the middle of the last push, which it may have seen or not.</summary>
    public bool IsVague { get; set; }

    /// <summary>People of the last segment that was pushed completely; null before the first.</summary>
    public int? SegmentPeople { get; set; }

    /// <summary>Whether a push has begun since the last one that completed, and did not complete.</summary>
    public bool HasUnfinished { get; set; }

    /// <summary>Whether a push was undone since then, so that the last segment may count as wrong.</summary>
    public bool IsUndone { get; set; }

    /// <summary>Nothing is certain any more of what was sent.</summary>
    public void Doubt()
    {
        foreach (string key in People.Keys.ToArray()) People[key] = People[key] with { IsCertain = false };
    }
}

/// <summary>What a destination knows of a person.</summary>
/// <param name="Id">Marketo's id.</param>
/// <param name="Sent">The values that were sent; null where none were.</param>
/// <param name="IsCertain">Whether nothing disturbed the push that sent them.</param>
internal sealed record KnownPerson(long? Id, IReadOnlyDictionary<string, string>? Sent, bool IsCertain)
{
    /// <summary>Whether Marketo has told the id: an import does not.</summary>
    public bool IsIdTold { get; init; } = true;

    /// <summary>Whether a row of a segment has named the person by this identity.</summary>
    public bool IsNamed { get; init; }
}
