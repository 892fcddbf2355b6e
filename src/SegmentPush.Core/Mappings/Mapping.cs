namespace SegmentPush.Mappings;

/// <summary>The entries of a mapping, checked against an instance's fields: which field finds a person, which are written.</summary>
internal sealed class Mapping
{
    private readonly SegmentMapping _identityEntry;
    private readonly IReadOnlyList<SegmentMapping> _attributeEntries;
    private readonly IReadOnlyList<TargetField> _attributeFields;

    private Mapping(
        SegmentMapping identityEntry,
        TargetField identityField,
        IReadOnlyList<SegmentMapping> attributeEntries,
        IReadOnlyList<TargetField> attributeFields)
    {
        _identityEntry = identityEntry;
        IdentityField = identityField;
        _attributeEntries = attributeEntries;
        _attributeFields = attributeFields;
    }

    /// <summary>The field that finds a person.</summary>
    public TargetField IdentityField { get; }

    /// <summary>The fields that are written, in the order of <see cref="Person.Values"/>.</summary>
    public IReadOnlyList<TargetField> AttributeFields => _attributeFields;

    /// <summary>Checks the entries against the fields of an instance.</summary>
    /// <exception cref="SegmentPushException">
    /// <c>MappingEmpty</c>, <c>FieldNotFound</c>, <c>FieldNotUpdateable</c>, <c>IdentityNotSearchable</c>,
    /// <c>TargetMappedTwice</c>, <c>IdentityMissing</c>, <c>IdentityAmbiguous</c>.
    /// </exception>
    public static Mapping Check(IReadOnlyList<SegmentMapping> entries, IReadOnlyCollection<TargetField> fields)
    {
        if (entries.Count == 0)
        {
            throw new SegmentPushException(
                "MappingEmpty", "The mapping has no entries.", "Give at least one entry that maps the address to 'email'.");
        }

        var byName = new Dictionary<string, TargetField>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields) byName[field.Name] = field;

        foreach (var entry in entries)
        {
            if (!byName.ContainsKey(entry.Target)) throw FieldNotFound(entry, byName.Keys);
        }

        foreach (var twice in entries.GroupBy(e => e.Target, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            throw new SegmentPushException(
                "TargetMappedTwice",
                $"Two sources are mapped to the field '{twice.Key}': {Quote(twice.Select(e => e.Source))}.",
                "Keep one of them.",
                twice.Key);
        }

        var identity = IdentityOf(entries);
        var identityField = byName[identity.Target];
        if (!identityField.Searchable)
        {
            throw new SegmentPushException(
                "IdentityNotSearchable",
                $"The identity's field '{identityField.Name}' is not searchable in this instance, so it can't find people.",
                $"Use one of the searchable fields: {Quote(fields.Where(f => f.Searchable).Select(f => f.Name))}.",
                identityField.Name);
        }

        var attributes = entries.Where(e => e != identity).ToArray();
        var attributeFields = attributes.Select(e => byName[e.Target]).ToArray();
        foreach (var field in attributeFields)
        {
            if (field.Updateable) continue;
            throw new SegmentPushException(
                "FieldNotUpdateable",
                $"The field '{field.Name}' can't be written through Marketo's API.",
                "Leave its entry out of the mapping, or map another field.",
                field.Name);
        }

        return new Mapping(identity, identityField, attributes, attributeFields);
    }

    /// <summary>Finds the mapping's columns in one source.</summary>
    /// <param name="columns">The source's column names.</param>
    /// <param name="find">Gives the number of a column by its name, or -1.</param>
    /// <param name="sourceName">How messages name the source, such as its path.</param>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>.</exception>
    public RowMapper Bind(IReadOnlyList<string> columns, Func<string, int> find, string sourceName)
    {
        var attributes = new MappedField[_attributeEntries.Count];
        for (int i = 0; i < attributes.Length; i++)
            attributes[i] = new MappedField(_attributeEntries[i], _attributeFields[i], Column(_attributeEntries[i]));
        return new RowMapper(new MappedField(_identityEntry, IdentityField, Column(_identityEntry)), attributes);

        int Column(SegmentMapping entry) => FindColumn(entry, columns, find, sourceName);
    }

    /// <summary>Name of the source column that finds a person.</summary>
    public string IdentitySource => _identityEntry.Source;

    /// <summary>The number of an entry's column in a source.</summary>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>.</exception>
    public static int FindColumn(SegmentMapping entry, IReadOnlyList<string> columns, Func<string, int> find, string sourceName)
    {
        int found = find(entry.Source);
        if (found >= 0) return found;

        // What stands there may be a person, who must not come into an error.
        if (columns.Any(column => column.Contains('@', StringComparison.Ordinal)))
        {
            throw new SegmentPushException(
                "SourceColumnNotFound",
                $"The source column '{entry.Source}' is not in {sourceName}, whose first row holds an address: it seems to have no header.",
                "Export it with a header row, or add one.",
                entry.Source);
        }

        string nearest = NearestNames.Of(entry.Source, columns) is [_, ..] near ? $" Nearest: {Quote(near)}." : "";
        throw new SegmentPushException(
            "SourceColumnNotFound",
            $"The source column '{entry.Source}' is not in {sourceName}.{nearest}",
            $"It has {columns.Count} columns: {Quote(columns.Take(50))}{(columns.Count > 50 ? ", ..." : "")}.",
            entry.Source);
    }

    private static SegmentMapping IdentityOf(IReadOnlyList<SegmentMapping> entries)
    {
        var marked = entries.Where(e => !string.IsNullOrWhiteSpace(e.Identity)).ToArray();
        foreach (var entry in marked)
        {
            if (IsEmail(entry.Identity!) && !IsEmail(entry.Target))
            {
                throw new SegmentPushException(
                    "IdentityFieldMismatch",
                    $"The identity Email is marked on the field '{entry.Target}'.",
                    "Map the Email identity to the field 'email', or name the identity after what it is.",
                    entry.Target);
            }
        }

        if (marked.Length == 1) return marked[0];
        var email = entries.FirstOrDefault(e => IsEmail(e.Target));
        if (email is not null && (marked.Length == 0 || marked.Contains(email))) return email;
        if (marked.Length == 0)
        {
            throw new SegmentPushException(
                "IdentityMissing",
                "No entry of the mapping finds the person.",
                "Map a source to 'email', or mark the entry of another searchable field with -Identity.");
        }

        throw new SegmentPushException(
            "IdentityAmbiguous",
            $"{marked.Length} entries are marked as identity: {Quote(marked.Select(e => e.Target))}.",
            "Mark exactly one; people are matched by one field.");

        static bool IsEmail(string name) => string.Equals(name, "email", StringComparison.OrdinalIgnoreCase);
    }

    private static SegmentPushException FieldNotFound(SegmentMapping entry, IReadOnlyCollection<string> names)
    {
        var near = NearestNames.Of(entry.Target, names);
        return new SegmentPushException(
            "FieldNotFound",
            $"This Marketo instance has no field '{entry.Target}' (mapped from '{entry.Source}').",
            near.Count > 0
                ? $"Nearest names: {Quote(near)}. Use the REST API name of the field."
                : "Use the REST API name of the field, as in Admin > Field Management > Export Field Names.",
            entry.Target);
    }

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}
