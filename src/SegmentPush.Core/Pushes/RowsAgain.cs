using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Reads the sources of a push once more, for some of their rows. Nobody else may read rows meanwhile.</summary>
/// <param name="push">What the push is to do.</param>
/// <param name="target">What it is aimed at.</param>
/// <param name="sources">Where its people come from.</param>
/// <param name="membership">How the rows tell who is on the list of a destination; null for a push for none.</param>
internal sealed class RowsAgain(PushOptions push, PushTarget target, IReadOnlyList<PushSource> sources, Membership? membership)
{
    /// <summary>Finds the rows that count and name certain members.</summary>
    /// <param name="members">The members by the keys of their identities.</param>
    /// <param name="cancellation">Ends it.</param>
    public List<Person> FindMembers(ILookup<MemberKey, SnapshotMember> members, CancellationToken cancellation) => Read(intake => intake.FindRows(members, cancellation));

    /// <summary>Gives people what their rows say. It was let go when they were entered into an import file, which need not hold all of it.</summary>
    public void FillIn(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        if (people.Count == 0) return;
        var rows = Read(intake => intake.FindRows(people.Select(person => (person.Source, person.Row)).ToHashSet(), cancellation)).ToDictionary(row => (row.Source, row.Row));
        foreach (var person in people) person.TakeRow(rows[(person.Source, person.Row)]);
    }

    private List<Person> Read(Func<SegmentIntake, List<Person>> find)
    {
        var again = sources.Select(source => source.Again()).ToArray();
        try
        {
            return find(new SegmentIntake(again, target.Mapping, target.Use, target.OnlyMatches, entered: null, membership, push.IgnoreConsent));
        }
        finally
        {
            foreach (var source in again) source.Reader.Dispose();
        }
    }
}
