using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Streams;

/// <summary>
/// Reads from Marketo the identities of people that the journal knows by their id alone: a mirror took them off the list, and no row of its segment
/// named them. Nothing is read where the session is not connected to the push's instance.
/// </summary>
/// <param name="connection">The connection; null for none.</param>
/// <param name="journal">The journal.</param>
/// <param name="warn">Is told where Marketo could not be asked.</param>
internal sealed class RemovedPeople(MarketoConnection? connection, PushJournal journal, Action<MessageText> warn)
{
    private const int AtOnce = 300;

    /// <summary>The people of a push, in their order.</summary>
    public IEnumerable<PersonStatus> Complete(PushStatus push, IEnumerable<PersonStatus> people, CancellationToken stop)
    {
        bool mayAsk = connection?.Instance == push.Instance && !journal.People.KeepsHashes(push.Id);
        var waiting = new List<PersonStatus>();
        foreach (var person in people)
        {
            if (!mayAsk || person.Identity is not null || person.MarketoId is null)
            {
                foreach (var known in Ask(push, waiting, stop)) yield return known;
                waiting.Clear();
                yield return person.In(push);
                continue;
            }

            waiting.Add(person);
            if (waiting.Count < AtOnce) continue;
            foreach (var known in Ask(push, waiting, stop)) yield return known;
            waiting.Clear();
        }

        foreach (var known in Ask(push, waiting, stop)) yield return known;
    }

    /// <summary>Ids in Marketo of the people who have an address, where a push has taken people off a list that its journal knows by their id alone.</summary>
    public ILookup<string, long> FindIds(string identity, IReadOnlyList<PushStatus> pushes, CancellationToken stop)
    {
        var found = Enumerable.Empty<long>();
        bool isOfUse = connection is not null && LeadLookup.CanLookUp(identity.Trim()) && pushes.Any(push => push.Removed > 0 && push.Instance == connection.Instance);
        try
        {
            if (isOfUse) found = connection!.Lookup.FindAsync("email", [identity.Trim()], null, stop).GetAwaiter().GetResult().Select(match => match.Id);
        }
        catch (SegmentPushException error)
        {
            warn($"Marketo could not be asked for the person's id, so that some removals may be missing: {error.Text}");
        }

        return found.ToLookup(_ => connection!.Instance);
    }

    private IEnumerable<PersonStatus> Ask(PushStatus push, List<PersonStatus> people, CancellationToken stop)
    {
        if (people.Count == 0) return [];
        string field = FieldOf(push);
        string[] ids = [.. people.Select(person => person.MarketoId!.Value.ToString(CultureInfo.InvariantCulture)).Distinct()];
        Dictionary<long, string?> found = [];
        try
        {
            foreach (var match in connection!.Lookup.FindAsync("id", ids, [field], stop).GetAwaiter().GetResult()) found[match.Id] = match.MoreFields.GetValueOrDefault(field);
        }
        catch (SegmentPushException error)
        {
            warn($"The identities of {Counted.People(people.Count)} that only Marketo knows could not be read: {error.Text}");
        }

        return [.. people.Select(person => person.In(push) with { Identity = found.GetValueOrDefault(person.MarketoId!.Value) })];
    }

    // The field that finds the people of the destination.
    private string FieldOf(PushStatus push)
    {
        const string Usual = "email";
        return push.Destination is { } name && journal.Destinations.Find(name) is not null
            ? Mapping.IdentityOf(SavedDestinations.GetUncounted(journal, name).Mapping)?.Target ?? Usual
            : Usual;
    }
}
