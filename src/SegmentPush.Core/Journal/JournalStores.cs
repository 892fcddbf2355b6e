namespace SegmentPush.Journal;

/// <summary>The stores of one open journal, by role. Most classes are in <c>Journal/Sql/</c>; each database adds its own for snapshots, locks, calls and the identity key.</summary>
internal sealed record JournalStores
{
    /// <summary>Pushes: what they were to do and how they stand.</summary>
    public required IPushStore Pushes { get; init; }

    /// <summary>Writes how people of a push stand.</summary>
    public required IOutcomeStore Outcomes { get; init; }

    /// <summary>How far a push has come with its rows.</summary>
    public required IRowStore Rows { get; init; }

    /// <summary>What pushes have done to their lists.</summary>
    public required IListEditStore ListEdits { get; init; }

    /// <summary>Sums of what the journal holds of a push.</summary>
    public required ISumStore Sums { get; init; }

    /// <summary>The import files of pushes.</summary>
    public required IImportStore Imports { get; init; }

    /// <summary>Calls and imports of pushes that may still run in Marketo.</summary>
    public required IOpenCallStore OpenCalls { get; init; }

    /// <summary>The exports of audiences that pushes read.</summary>
    public required IAudienceExportStore Exports { get; init; }

    /// <summary>What pushes have begun on their lists and not ended.</summary>
    public required IOpenEditStore OpenEdits { get; init; }

    /// <summary>Saved destinations.</summary>
    public required IDestinationStore Destinations { get; init; }

    /// <summary>The snapshots of lists.</summary>
    public required IPushSnapshots Snapshots { get; init; }

    /// <summary>What became of people, for those who ask.</summary>
    public required IPersonStore People { get; init; }

    /// <summary>The rows of pipelines, for other machines; null where the journal is of one machine, which keeps them in a file.</summary>
    public ISpoolStore? Spools { get; init; }

    /// <summary>Opens the ledger of the calls that a push makes to an instance.</summary>
    public required Func<string, Guid, IJournalLedger> OpenLedger { get; init; }

    /// <summary>The name of this machine, where several machines share the journal; null where it is of one machine.</summary>
    public string? Machine { get; init; }

    /// <summary>What processes hold while they live.</summary>
    public required IJournalLocks Locks { get; init; }

    /// <summary>How identities are kept.</summary>
    public required PushIdentities Identities { get; init; }
}
