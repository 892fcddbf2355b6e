namespace SegmentPush.Segments;

/// <summary>Tells names of columns that hold consents, and refuses those whose consents can't be read.</summary>
internal static class ConsentNames
{
    /// <summary>Name of the object that holds all consents.</summary>
    public const string All = "consents";

    private const string Consents = "CONSENTS", OfAddresses = "CONSENTS_IDSPECIFIC_EMAIL", OfAddressesInLetters = "CONSENTSIDSPECIFICEMAIL";

    // Names of the model may have it before each of their parts.
    private const string Prefix = "xdm:";

    // What lies below these places holds consents. A text in the place of one of them is none.
    private static readonly string[] s_branches = [Consents, "CONSENTS_MARKETING", "CONSENTS_MARKETING_EMAIL", "CONSENTS_MARKETING_ANY", "CONSENTS_IDSPECIFIC", OfAddresses];

    private static readonly string[] s_values = ["CONSENTS_MARKETING_EMAIL_VAL", "CONSENTS_MARKETING_ANY_VAL"];

    // The same names by their letters alone. Those of values may go on: value, val__c, val (text).
    private static readonly string[] s_valueParts = ["CONSENTSMARKETINGEMAILVAL", "CONSENTSMARKETINGANYVAL"];
    private static readonly string[] s_ends = ["CONSENTSMARKETINGEMAIL", "CONSENTSMARKETINGANY", "CONSENTSMARKETING", "CONSENTSIDSPECIFIC"];

    /// <summary>
    /// Whether a name is that of the consents or leads to one of them. Spellings do not tell such names apart: a no that stands under another spelling is a no.
    /// </summary>
    public static bool IsConsent(string name) =>
        name.Contains(Consents, StringComparison.OrdinalIgnoreCase) && ColumnNames.FoldPath(name) is var folded && (folded == Consents || folded.StartsWith(Consents + "_", StringComparison.Ordinal));

    /// <summary>Refuses columns that hold consents in a form that nobody reads: a whole branch of them as text, or the address in the name of the column.</summary>
    /// <param name="columns">The names of all columns, which hold texts.</param>
    /// <exception cref="SegmentPushException"><c>ConsentNotUnderstood</c>.</exception>
    public static void Refuse(IReadOnlyList<string> columns)
    {
        RefuseOfAddresses(columns);
        if (columns.FirstOrDefault(column => MayBe(column) && s_branches.Contains(ColumnNames.FoldPath(column))) is { } branch) throw NotUnderstood(branch);
        RefuseElsewhere(columns);
    }

    /// <summary>Refuses consents of single addresses in columns whose names have the addresses, which belong to rows.</summary>
    /// <exception cref="SegmentPushException"><c>ConsentNotUnderstood</c>.</exception>
    public static void RefuseOfAddresses(IEnumerable<string> columns)
    {
        if (columns.Any(column => MayBe(column) && ColumnNames.FoldPath(column).StartsWith(OfAddresses + "_", StringComparison.Ordinal))) throw OfAddressesNotUnderstood();
    }

    /// <summary>Refuses consents that stand below another name than <c>consents</c>, or in a spelling of their own, where the source has none in their own place.</summary>
    /// <exception cref="SegmentPushException"><c>ConsentNotUnderstood</c>.</exception>
    public static void RefuseElsewhere(IReadOnlyList<string> columns)
    {
        string[] mayBe = [.. columns.Where(MayBe)];
        if (mayBe.Any(column => s_values.Contains(ColumnNames.FoldPath(column)))) return;
        if (mayBe.FirstOrDefault(IsElsewhere) is { } elsewhere)
            throw elsewhere.Contains('@', StringComparison.Ordinal) ? OfAddressesNotUnderstood() : NotUnderstood(elsewhere);
    }

    /// <summary>The source has consents of single addresses, but not as Experience Platform writes them.</summary>
    public static SegmentPushException OfAddressesNotUnderstood() => new(
        "ConsentNotUnderstood",
        $"The source has consents of single addresses ('{PairedValues.ConsentsOfAddresses}'), but not as Experience Platform writes them, so that nobody can tell who has said no.",
        $"Export the profiles as JSON or Parquet with the consents as they are, or leave '{PairedValues.ConsentsOfAddresses}' out of the export. -IgnoreConsent pushes people who have said no, too.",
        PairedValues.ConsentsOfAddresses);

    /// <summary>A column has consents in it, but not as Experience Platform writes them.</summary>
    public static SegmentPushException NotUnderstood(string column) => new(
        "ConsentNotUnderstood",
        $"'{VisibleText.Of(column)}' may hold consents, but not as Experience Platform writes them, so that nobody can tell who has said no.",
        "If its values are such as y and n, name it 'consents.marketing.email.val'. Otherwise export the profiles as JSON or Parquet with the consents as they are, or leave it out of the export. -IgnoreConsent pushes people who have said no, too.",
        column);

    /// <summary>A piped object has consents, and the first ones have none.</summary>
    public static SegmentPushException Late(int first) => new(
        "ConsentNotUnderstood",
        $"A piped object has consents, and the first {first} objects have none, so that the push has begun without consents.",
        "Give the first object the property, too, without a value, and pipe all objects again. -IgnoreConsent pushes people who have said no, too.",
        PairedValues.ConsentsOfAddresses);

    /// <summary>Whether a name may be one of a column with consents. It is fast.</summary>
    public static bool MayBe(string column) => column.Contains(Consents, StringComparison.OrdinalIgnoreCase);

    private static bool IsElsewhere(string column)
    {
        string letters = LettersOf(column);
        if (s_valueParts.Any(part => letters.Contains(part, StringComparison.Ordinal))) return true;
        return !IsConsent(column) && (letters.Contains(OfAddressesInLetters, StringComparison.Ordinal) || s_ends.Any(end => letters.EndsWith(end, StringComparison.Ordinal)));
    }

    private static string LettersOf(string name) =>
        string.Concat(name.Replace(Prefix, "", StringComparison.OrdinalIgnoreCase).Where(char.IsLetter)).ToUpperInvariant();
}
