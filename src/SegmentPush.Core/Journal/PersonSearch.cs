namespace SegmentPush.Journal;

/// <summary>Finds a person in many pushes.</summary>
/// <param name="people">What became of people.</param>
internal sealed class PersonSearch(IPersonStore people)
{
    /// <summary>What became of a person, in the order of the pushes.</summary>
    /// <param name="pushes">Where to search.</param>
    /// <param name="identity">The identity's value, compared without case.</param>
    /// <param name="knownIds">Ids in Marketo of the people who have the identity, by instance, as far as somebody has asked.</param>
    /// <param name="cancellation">Ends it.</param>
    public IReadOnlyList<PersonStatus> Find(
        IReadOnlyList<PushStatus> pushes, string identity, ILookup<string, long> knownIds, CancellationToken cancellation)
    {
        string sought = identity.Trim();
        var named = new List<IReadOnlyList<PersonStatus>>(pushes.Count);
        var ids = new HashSet<(string Instance, long Id)>(knownIds.SelectMany(instance => instance.Select(id => (instance.Key, id))));
        foreach (var push in pushes)
        {
            cancellation.ThrowIfCancellationRequested();
            var found = people.Find(push, sought);
            named.Add(found);
            foreach (var person in found)
            {
                if (person.MarketoId is { } id) ids.Add((push.Instance, id));
            }
        }

        return [.. pushes.Zip(named).SelectMany(pair => pair.Second.Concat(FindUnnamed(pair.First)))];

        IEnumerable<PersonStatus> FindUnnamed(PushStatus push) =>
            people.FindUnnamed(push, sought, [.. ids.Where(id => id.Instance == push.Instance).Select(id => id.Id)]);
    }
}
