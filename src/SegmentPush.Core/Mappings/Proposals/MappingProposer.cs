namespace SegmentPush.Mappings.Proposals;

/// <summary>Proposes which field each column of a segment fills: by Adobe's paths, then by the names and labels of fields.</summary>
internal sealed class MappingProposer
{
    private const string Email = "email";

    private readonly KnownFields _known = KnownFields.All;
    private readonly Dictionary<string, (int Order, IReadOnlyList<string> Fields)> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _byLabel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NamedField>? _fields;

    private MappingProposer(IReadOnlyCollection<NamedField>? fields)
    {
        _fields = fields?.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var path in _known.Paths) _byPath.TryAdd(NearestNames.Letters(path.Path), (_byPath.Count, path.Fields));
        foreach (var field in fields ?? []) _byName.TryAdd(NearestNames.Letters(field.Name), field.Name);
        foreach (var label in (fields ?? []).GroupBy(field => NearestNames.Letters(field.Label))) _byLabel.Add(label.Key, [.. label.Select(field => field.Name)]);
        foreach (var name in _known.Names.Where(name => Has(name.Field)))
        {
            _byName.TryAdd(NearestNames.Letters(name.Field), name.Field);
            foreach (string label in name.Labels) _byLabel.TryAdd(NearestNames.Letters(label), [name.Field]);
        }
    }

    /// <summary>Proposes an entry for each column, in their order. No field is proposed twice.</summary>
    /// <param name="columns">The columns of a segment.</param>
    /// <param name="fields">The fields of the instance; null where no instance is asked, so that only well-known fields are proposed.</param>
    public static IReadOnlyList<MappingProposal> Propose(IReadOnlyList<string> columns, IReadOnlyCollection<NamedField>? fields)
    {
        var proposer = new MappingProposer(fields);
        var candidates = columns.Select((column, i) => proposer.Find(column, i)).ToArray();
        var takers = new Dictionary<string, Candidate>(StringComparer.OrdinalIgnoreCase);
        foreach (var candidate in candidates.Where(c => c.Target is not null).OrderByDescending(c => c.Confidence).ThenBy(c => c.Order).ThenBy(c => c.Column))
            takers.TryAdd(candidate.Target!, candidate);
        return [.. candidates.Select(candidate => proposer.Decide(candidate, takers))];
    }

    private MappingProposal Decide(Candidate candidate, Dictionary<string, Candidate> takers)
    {
        if (candidate.Target is not { } target) return None(candidate.Source, candidate.Reason);
        if (takers[target] != candidate) return None(candidate.Source, $"Also fits '{target}', which '{takers[target].Source}' fills.");
        bool isEmail = target.Equals(Email, StringComparison.OrdinalIgnoreCase);

        // What can't be written can still find people, where there is no address.
        bool isOnlyIdentity = target.Equals("id", StringComparison.OrdinalIgnoreCase) || _fields?[target].Updateable == false;
        if (isOnlyIdentity && (takers.ContainsKey(Email) || candidate.Order < 0))
            return None(candidate.Source, $"Fits '{target}', which can't be written.");
        return new MappingProposal(candidate.Source, target, isEmail ? "Email" : isOnlyIdentity ? "MarketoId" : null, candidate.Confidence, candidate.Reason.ToString());
    }

    private Candidate Find(string source, int column)
    {
        string letters = NearestNames.Letters(source);
        if (letters.Length == 0) return NoField("The column has no name.");
        if (letters.StartsWith("SEGMENTMEMBERSHIP", StringComparison.Ordinal)) return NoField("Says who is in the segment: see the mode Delta of a destination.");
        if (letters.StartsWith("CONSENTS", StringComparison.Ordinal)) return NoField("Holds a consent, which Marketo keeps for itself.");
        if (_byPath.TryGetValue(letters, out var path)) return FindByPath(path.Fields, path.Order);
        if (_byName.TryGetValue(letters, out string? name))
        {
            bool isExact = name.Equals(source.Trim(), StringComparison.OrdinalIgnoreCase);
            return Field(name, isExact ? MappingConfidence.High : MappingConfidence.Medium, "The field's name.");
        }

        if (_byLabel.TryGetValue(letters, out var named))
        {
            return named is [var only] ? Field(only, MappingConfidence.Medium, "The field's label.")
                : NoField($"Several fields have this label: {Quote(named)}.");
        }

        string last = NearestNames.Letters(source[(source.LastIndexOfAny(['.', '_']) + 1)..]);
        if (last != letters && _byName.TryGetValue(last, out name))
        {
            // Whose address it is decides who is found.
            return name == Email ? NoField($"May be an address: map it to '{Email}' if it is the person's.")
                : Field(name, MappingConfidence.Low, "The last part of the name is the field's.");
        }

        var near = NearestNames.Of(source, _fields?.Keys ?? _known.Names.Select(known => known.Field));
        return NoField(near.Count == 0 ? (MessageText)"No field has this name." : $"No field has this name. Nearest: {Quote(near)}.");

        Candidate FindByPath(IReadOnlyList<string> targets, int order)
        {
            string[] there = [.. targets.Where(Has)];
            return there.Length switch
            {
                0 => NoField($"Adobe maps this path to '{targets[0]}', which this instance does not have."),
                1 => new Candidate(column, source, NameOf(there[0]), MappingConfidence.High, "Adobe maps this path to the field.", order),
                _ => NoField($"Adobe maps this path to one of several fields: {Quote(there)}."),
            };
        }

        Candidate Field(string target, MappingConfidence confidence, MessageText reason) => _known.NotProposed.Contains(target, StringComparer.OrdinalIgnoreCase)
            ? NoField($"'{target}' tells whether Marketo may write to a person. Map it by hand if you mean that.")
            : new Candidate(column, source, target, confidence, reason, Order: -1);

        Candidate NoField(MessageText reason) => new(column, source, null, MappingConfidence.None, reason, Order: -1);
    }

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private bool Has(string field) => _fields is null || _fields.ContainsKey(field);

    private string NameOf(string field) => _fields is null ? field : _fields[field].Name;

    private static MappingProposal None(string source, MessageText reason) => new(source, string.Empty, null, MappingConfidence.None, reason.ToString());

    // The order is that of Adobe's paths; below 0 for what was found by name.
    private sealed record Candidate(int Column, string Source, string? Target, MappingConfidence Confidence, MessageText Reason, int Order);
}
