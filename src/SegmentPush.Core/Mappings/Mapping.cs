using SegmentPush.Mappings.Values;

namespace SegmentPush.Mappings;

/// <summary>The entries of a mapping, checked against an instance's fields: which field finds a person, which are written.</summary>
internal sealed class Mapping
{
    private readonly SegmentMapping _identityEntry;
    private readonly IReadOnlyList<WrittenField> _attributes;

    private Mapping(SegmentMapping identityEntry, TargetField identityField, IReadOnlyList<WrittenField> attributes)
    {
        _identityEntry = identityEntry;
        IdentityField = identityField;
        _attributes = attributes;
        AttributeFields = [.. attributes.Select(attribute => attribute.Field)];
        AttributeSources = [.. attributes.Select(attribute => attribute.Entry.Source)];
    }

    /// <summary>The field that finds a person.</summary>
    public TargetField IdentityField { get; }

    /// <summary>The fields that are written, in the order of <see cref="Person.Values"/>.</summary>
    public IReadOnlyList<TargetField> AttributeFields { get; }

    /// <summary>The columns that fill the fields that are written, in the same order; empty for a constant.</summary>
    public IReadOnlyList<string> AttributeSources { get; }

    /// <summary>Checks the entries against the fields of an instance.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="values">How constants are read; null for the defaults.</param>
    /// <exception cref="SegmentPushException">
    /// <c>MappingEmpty</c>, <c>FieldNotFound</c>, <c>TargetMappedTwice</c>, <c>IdentityIsConstant</c>, <c>IdentityFieldMismatch</c>,
    /// <c>IdentityMissing</c>, <c>IdentityAmbiguous</c>, <c>IdentityNotSearchable</c>, <c>FieldNotUpdateable</c>, <c>ConstantNotValid</c>; of
    /// several mistakes all in one error, which has the id of the first.
    /// </exception>
    public static Mapping Check(IReadOnlyList<SegmentMapping> entries, IReadOnlyCollection<TargetField> fields, ValueRules? values = null)
    {
        var mistakes = new MappingMistakes();
        var mapping = Check(entries, fields, values ?? ValueRules.Default, mistakes);
        mistakes.ThrowIfAny();
        return mapping!;
    }

    /// <summary>Checks the entries against the fields of an instance.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="values">How constants are read.</param>
    /// <param name="mistakes">Takes the mistakes.</param>
    /// <returns>The mapping; of no use where there are mistakes.</returns>
    public static Mapping? Check(
        IReadOnlyList<SegmentMapping> entries, IReadOnlyCollection<TargetField> fields, ValueRules values, MappingMistakes mistakes)
    {
        if (entries.Count == 0)
        {
            mistakes.Add("MappingEmpty", "The mapping has no entries.", "Give at least one entry that maps the address to 'email'.");
            return null;
        }

        var byName = new Dictionary<string, TargetField>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields) byName[field.Name] = field;
        foreach (var entry in entries.Where(entry => !byName.ContainsKey(entry.Target))) AddFieldNotFound(mistakes, entry, byName.Keys);
        var identity = CheckEntries(entries, mistakes);
        var identityField = identity is null ? null : byName.GetValueOrDefault(identity.Target);
        if (identityField is { Searchable: false })
        {
            mistakes.Add(
                "IdentityNotSearchable",
                $"The identity's field '{identityField.Name}' is not searchable in this instance, so it can't find people.",
                $"Use one of the searchable fields: {Quote(fields.Where(f => f.Searchable).Select(f => f.Name))}.",
                identityField.Name);
        }

        var attributes = new List<WrittenField>();
        foreach (var entry in entries.Where(entry => entry != identity))
        {
            if (byName.GetValueOrDefault(entry.Target) is { } field)
                attributes.Add(new WrittenField(entry, field, CheckAttribute(entry, field, values, mistakes)));
        }

        return identity is null || identityField is null ? null : new Mapping(identity, identityField, attributes);
    }

    /// <summary>Finds the mapping's columns in one source.</summary>
    /// <param name="columns">The source's column names.</param>
    /// <param name="find">Gives the number of a column by its name, or -1.</param>
    /// <param name="sourceName">How messages name the source, such as its path.</param>
    /// <param name="use">What the push does with the mapping.</param>
    /// <param name="isPiped">Whether the source is the objects of a pipeline.</param>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>.</exception>
    public RowMapper Bind(IReadOnlyList<string> columns, Func<string, int> find, MessageText sourceName, MappingUse use, bool isPiped = false)
    {
        var mistakes = new MappingMistakes();
        CheckColumns([_identityEntry, .. _attributes.Where(attribute => use.Sends(attribute.Field)).Select(attribute => attribute.Entry)], columns, find, sourceName, mistakes, isPiped);
        mistakes.ThrowIfAny();

        // A push that sends nothing reads nothing but the identity.
        var attributes = AttributeFields.Any(use.Sends) ? _attributes.Select(Bind).ToArray() : [];
        return new RowMapper(MappedField.OfIdentity(_identityEntry, IdentityField, Column(_identityEntry), use.Values), attributes, use);

        MappedField Bind(WrittenField attribute) =>
            !use.Sends(attribute.Field) ? MappedField.NotSent(attribute.Field)
            : attribute.Constant is { } constant ? MappedField.OfConstant(attribute.Field, constant)
            : MappedField.OfColumn(attribute.Entry, attribute.Field, Column(attribute.Entry), use.Values);

        int Column(SegmentMapping entry) => find(entry.Source);
    }

    /// <summary>Checks that a source has the columns of all entries.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="columns">The source's column names.</param>
    /// <param name="find">Gives the number of a column by its name, or -1.</param>
    /// <param name="sourceName">How messages name the source, such as its path.</param>
    /// <param name="mistakes">Takes those that are missing.</param>
    /// <param name="isPiped">Whether the source is the objects of a pipeline.</param>
    public static void CheckColumns(
        IReadOnlyList<SegmentMapping> entries, IReadOnlyList<string> columns, Func<string, int> find, MessageText sourceName, MappingMistakes mistakes, bool isPiped = false) =>
        MissingColumns.Find([.. entries.Where(entry => !entry.IsConstant).Select(entry => entry.Source)], columns, find, sourceName, isPiped, mistakes);

    /// <summary>The entry that finds the person; null where the entries don't tell.</summary>
    public static SegmentMapping? IdentityOf(IReadOnlyList<SegmentMapping> entries) => FindIdentity(entries, new MappingMistakes());

    /// <summary>Checks of the entries what can be known without an instance: each field has one source, and one entry finds the person.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="mistakes">Takes the mistakes.</param>
    /// <returns>The entry that finds the person; null where the entries don't tell.</returns>
    public static SegmentMapping? CheckEntries(IReadOnlyList<SegmentMapping> entries, MappingMistakes mistakes)
    {
        foreach (var twice in entries.GroupBy(e => e.Target, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            mistakes.Add(
                "TargetMappedTwice",
                $"Several sources are mapped to the field '{twice.Key}': {string.Join(", ", twice.Select(SourceOf))}.",
                "Keep one of them.",
                twice.Key);
        }

        return FindIdentity(entries, mistakes);
    }

    // Returns the constant in the form that Marketo takes; null where a column fills the field.
    private static string? CheckAttribute(SegmentMapping entry, TargetField field, ValueRules values, MappingMistakes mistakes)
    {
        if (!field.Updateable)
        {
            mistakes.Add(
                "FieldNotUpdateable",
                $"The field '{field.Name}' can't be written through Marketo's API.",
                "Leave its entry out of the mapping, or map another field.",
                field.Name);
        }

        if (entry.Value is not { } constant) return null;
        Span<char> scratch = stackalloc char[IValueReader.ScratchLength];
        var fault = ValueReaders.ForText(field, values with { Culture = null }).Read(constant, scratch, out var value);
        if (fault is null && !value.IsWhiteSpace()) return value.ToString();
        mistakes.Add(
            "ConstantNotValid",
            $"The constant for the field '{field.Name}' can't be written there. {fault?.Text ?? "It is blank."}",
            "Give another value, in ISO or invariant form, or leave the entry out of the mapping.",
            field.Name);
        return null;
    }

    private static SegmentMapping? FindIdentity(IReadOnlyList<SegmentMapping> entries, MappingMistakes mistakes)
    {
        var marked = entries.Where(e => !string.IsNullOrWhiteSpace(e.Identity)).ToArray();
        foreach (var entry in marked.Where(entry => IsEmail(entry.Identity!) && !IsEmail(entry.Target)))
        {
            mistakes.Add(
                "IdentityFieldMismatch",
                $"The identity Email is marked on the field '{entry.Target}'.",
                "Map the Email identity to the field 'email', or name the identity after what it is.",
                entry.Target);
        }

        var identity = marked.Length == 1 ? marked[0] : entries.FirstOrDefault(e => IsEmail(e.Target) && (marked.Length == 0 || marked.Contains(e)));
        if (identity is { IsConstant: true })
        {
            mistakes.Add(
                "IdentityIsConstant",
                $"The field '{identity.Target}' finds people, and a constant would be the same for all of them.",
                "Map the column that holds each person's identity.",
                identity.Target);
        }

        if (identity is not null) return identity;
        if (marked.Length == 0)
        {
            mistakes.Add(
                "IdentityMissing",
                "No entry of the mapping finds the person.",
                "Map a source to 'email', or mark the entry of another searchable field with -Identity.");
        }
        else
        {
            mistakes.Add(
                "IdentityAmbiguous",
                $"{marked.Length} entries are marked as identity: {Quote(marked.Select(e => e.Target))}.",
                "Mark exactly one; people are matched by one field.");
        }

        return null;

        static bool IsEmail(string name) => string.Equals(name, "email", StringComparison.OrdinalIgnoreCase);
    }

    private static void AddFieldNotFound(MappingMistakes mistakes, SegmentMapping entry, IReadOnlyCollection<string> names)
    {
        var near = NearestNames.Of(entry.Target, names);
        mistakes.Add(
            "FieldNotFound",
            $"This Marketo instance has no field '{entry.Target}' (mapped from {SourceOf(entry)}).",
            near.Count > 0
                ? (MessageText)$"Nearest names: {Quote(near)}. Use the REST API name of the field."
                : "Use the REST API name of the field, as in Admin > Field Management > Export Field Names.",
            entry.Target);
    }

    private static string SourceOf(SegmentMapping entry) => entry.IsConstant ? "a constant" : $"'{entry.Source}'";

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));

    // What fills a field that is written.
    private sealed record WrittenField(SegmentMapping Entry, TargetField Field, string? Constant);
}
