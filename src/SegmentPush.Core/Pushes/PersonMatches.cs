using System.Globalization;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>The people that a lookup found, one for each identity: of several, the most recently updated one.</summary>
internal sealed class PersonMatches
{
    private const string CreatedAtField = "createdAt";

    private readonly Dictionary<string, Match> _byIdentity;
    private readonly ILookup<string, long> _ids;

    private PersonMatches(Dictionary<string, Match> byIdentity, ILookup<string, long> ids) => (_byIdentity, _ids) = (byIdentity, ids);

    /// <summary>Looks identities up.</summary>
    /// <param name="connection">The instance.</param>
    /// <param name="target">What the push is aimed at.</param>
    /// <param name="identities">The identities.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="withCreation">Whether to ask when people were created.</param>
    /// <param name="moreFields">Further fields to ask for; null for none.</param>
    public static async Task<PersonMatches> FindAsync(
        MarketoConnection connection,
        PushTarget target,
        IReadOnlyList<string> identities,
        CancellationToken cancellation,
        bool withCreation = false,
        IReadOnlyList<string>? moreFields = null)
    {
        moreFields = [.. moreFields ?? [], .. withCreation ? [CreatedAtField] : Array.Empty<string>(), .. target.PartitionField is { } field ? [field] : Array.Empty<string>()];
        var leads = await connection.Lookup
            .FindAsync(target.Mapping.IdentityField.Name, identities, moreFields, cancellation)
            .ConfigureAwait(false);
        var byIdentity = new Dictionary<string, Match>(identities.Count, StringComparer.OrdinalIgnoreCase);
        var all = leads.Where(lead => IsIn(target, lead)).ToArray();
        foreach (var lead in all)
        {
            string identity = lead.Value.Trim();
            if (!byIdentity.TryGetValue(identity, out var before)) byIdentity[identity] = MatchOf(lead, isOneOfSeveral: false);
            else if (before.Id != lead.Id)
                byIdentity[identity] = (IsNewer(lead, before) ? MatchOf(lead, isOneOfSeveral: true) : before with { IsOneOfSeveral = true });
        }

        return new PersonMatches(byIdentity, all.ToLookup(lead => lead.Value.Trim(), lead => lead.Id, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Looks people up and fills in the ids of those that Marketo knows.</summary>
    /// <returns>Those, and the others.</returns>
    public static async Task<(IReadOnlyList<Person> Found, IReadOnlyList<Person> Others)> FindAsync(
        MarketoConnection connection, PushTarget target, Settlement settlement, IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        if (people.Count == 0) return ([], []);
        var matches = await FindAsync(connection, target, [.. people.Select(p => p.Identity)], cancellation).ConfigureAwait(false);
        var found = new List<Person>(people.Count);
        var others = new List<Person>();
        foreach (var person in people)
        {
            if (matches.Of(person.Identity) is not { } match)
            {
                others.Add(person);
                continue;
            }

            person.MarketoId = match.Id;
            if (match.IsOneOfSeveral) person.Remark(PersonRemarks.OneOfSeveral);
            found.Add(person);
        }

        return (found, others);
    }

    /// <summary>The person with an identity; null where there is none.</summary>
    public Match? Of(string identity) => _byIdentity.TryGetValue(identity, out var match) ? match : null;

    /// <summary>Ids of all people with an identity.</summary>
    public IReadOnlyList<long> AllOf(string identity) => [.. _ids[identity].Distinct()];

    private static Match MatchOf(LeadMatch lead, bool isOneOfSeveral) => new(
        lead.Id,
        lead.UpdatedAt,
        lead.MoreFields.TryGetValue(CreatedAtField, out string? created) ? MarketoTime.Parse(created) : null,
        isOneOfSeveral)
    {
        Fields = lead.MoreFields,
    };

    // Equally recent people are told apart by their ids, so that the same one is taken every time.
    private static bool IsNewer(LeadMatch lead, Match than) =>
        (lead.UpdatedAt ?? DateTimeOffset.MinValue, lead.Id).CompareTo((than.UpdatedAt ?? DateTimeOffset.MinValue, than.Id)) > 0;

    private static bool IsIn(PushTarget target, LeadMatch lead) =>
        target.PartitionField is not { } field
        || !lead.MoreFields.TryGetValue(field, out string? id) || id is null
        || id == target.Partition!.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>A person in Marketo.</summary>
    internal readonly record struct Match(long Id, DateTimeOffset? UpdatedAt, DateTimeOffset? CreatedAt, bool IsOneOfSeveral)
    {
        /// <summary>The fields that were asked for besides.</summary>
        public IReadOnlyDictionary<string, string?>? Fields { get; init; }

        /// <summary>The value of a field that was asked for; null where the person has none.</summary>
        public string? FieldOf(string name) => Fields?.GetValueOrDefault(name);
    }
}
