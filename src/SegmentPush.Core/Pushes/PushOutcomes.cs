using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Reads from the journal what became of the people of a push by now.</summary>
/// <param name="record">The push.</param>
internal sealed class PushOutcomes(PushRecord record)
{
    /// <summary>What became of rows by now.</summary>
    public IReadOnlyDictionary<(int Source, long Row), (PersonOutcome Outcome, PersonChange Change)> Of(IReadOnlyCollection<Person> people) =>
        record.Do((journal, key) => journal.Rows.GetOutcomes(key, [.. people.Select(person => (person.Source, person.Row))]));

    /// <summary>Ids of the people that the push has taken off the list by now.</summary>
    public IReadOnlySet<long> GetRemovedIds() => record.Do((journal, key) => journal.Rows.GetIds(key, [PersonOutcome.Removed]));

    /// <summary>The last row of a source that the journal holds; 0 where it holds none.</summary>
    public long GetLastRow(int source) => record.Do((journal, key) => journal.Rows.GetLastRow(key, source));

    /// <summary>Why people were not activated, the commonest reason first.</summary>
    public IReadOnlyList<ReasonCount> CountReasons() => record.Do((journal, key) => journal.Sums.CountReasons(key));

    /// <summary>The rejected rows, in the order of the sources. Nobody else may work on the push meanwhile.</summary>
    public IEnumerable<(int Source, long Row, string Code, string Reason)> GetRejected() => record.Do((journal, key) => journal.Sums.GetRejected(key));
}
