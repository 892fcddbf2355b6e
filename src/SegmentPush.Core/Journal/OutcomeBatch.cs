namespace SegmentPush.Journal;

/// <summary>What one transaction enters for a push.</summary>
/// <param name="Status">Where the push stands then.</param>
internal sealed record OutcomeBatch(PushStatus Status)
{
    /// <summary>People with an outcome, or at an earlier stage.</summary>
    public IEnumerable<PersonEntry> People { get; init; } = [];

    /// <summary>Unchanged people.</summary>
    public IEnumerable<UnchangedBlock> Unchanged { get; init; } = [];

    /// <summary>An import file with its new state; null where none has one.</summary>
    public ImportEntry? Import { get; init; }

    /// <summary>People who are new in that import file, and have its outcome from here on.</summary>
    public IEnumerable<ImportedPerson>? Imported { get; init; }

    /// <summary>What Marketo has said about people of an import file, who keep its outcome.</summary>
    public IReadOnlyCollection<ImportRemark> Remarks { get; init; } = [];

    /// <summary>When the people are sent with a call that can create them, by Marketo's clock; null where they are not.</summary>
    public DateTimeOffset? CreateSent { get; init; }
}
