using SegmentPush.Lists;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Some people are to be taken off a list that was not read. This asks Marketo for the identities that they have now: a row at fault, or one that
/// Marketo refused, may name such a person by an identity that the snapshot does not know.
/// </summary>
internal static class PresentIdentities
{
    /// <summary>Leaves people out that the segment names by the identity that they have now.</summary>
    public static async Task<ListSteps> LeaveOutNamedAsync(ListWork work, ListSteps steps, Snapshot snapshot, CancellationToken cancellation)
    {
        long[] ids = [.. steps.Removals.Where(removal => removal.MarketoId is not null).Select(removal => removal.MarketoId!.Value)];
        var named = await FindNamedAsync(work, ids, snapshot, cancellation).ConfigureAwait(false);
        if (named.Count == 0) return steps;
        var mode = work.Push.Destination!.Destination.Mode;
        ListDecision[] decisions = [.. steps.Decisions.Select(decision => decision.MarketoId is { } id && named.TryGetValue(id, out bool isKnown) ? DecideAnew(decision, isKnown) : decision)];
        return steps with
        {
            Decisions = decisions,
            Snapshot = steps.Snapshot with { Forgotten = [.. decisions.Where(decision => decision is { Action: ListAction.Forget, Number: not null }).Select(decision => decision.Number!.Value)] },
        };

        ListDecision DecideAnew(ListDecision decision, bool isKnown)
        {
            var facts = decision.Facts with { IsNamedOtherwise = true, HasBetterEntry = isKnown };
            return decision with { Facts = facts, Action = ListReconciler.Decide(mode, facts) };
        }
    }

    /// <summary>Finds the people that the segment names by the identity that they have now, and whether the snapshot has an entry of that identity.</summary>
    public static async Task<IReadOnlyDictionary<long, bool>> FindNamedAsync(ListWork work, IReadOnlyCollection<long> ids, Snapshot snapshot, CancellationToken cancellation)
    {
        string field = work.Target.Mapping.IdentityField.Name;
        var named = new Dictionary<long, bool>();
        foreach (long[] batch in ids.Distinct().Chunk(Paging.PageSize))
        {
            var found = await work.Push.Connection.Lookup
                .FindAsync("id", [.. batch.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))], [field], cancellation).ConfigureAwait(false);
            foreach (var person in found)
            {
                var hash = snapshot.HashOf(new ListedPerson(person.Id, person.MoreFields.GetValueOrDefault(field)));
                if (ListReconciler.IsIn(snapshot.NamedAt(hash))) named[person.Id] = snapshot.MatchOf(hash).Member is not null;
            }
        }

        return named;
    }
}
