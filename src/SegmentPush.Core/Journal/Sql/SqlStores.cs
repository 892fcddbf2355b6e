namespace SegmentPush.Journal.Sql;

/// <summary>Puts the stores of a journal together, which are the same for each database but for what this holds.</summary>
/// <param name="session">The open database.</param>
/// <param name="identities">How identities are kept.</param>
/// <param name="locks">What processes hold while they live.</param>
internal sealed class SqlStores(ISqlSession session, PushIdentities identities, IJournalLocks locks)
{
    private readonly UnchangedStore _unchanged = new(session);

    /// <summary>Binds pushes to snapshots.</summary>
    public SnapshotBinding Binding => new(session, _unchanged);

    /// <summary>The rows of pipelines, for other machines; null where the journal is of one machine.</summary>
    public ISpoolStore? Spools { get; init; }

    /// <inheritdoc cref="JournalStores.Machine"/>
    public string? Machine { get; init; }

    /// <summary>Opens the ledger of the calls that a push makes to an instance.</summary>
    public required Func<string, Guid, IJournalLedger> OpenLedger { get; init; }

    /// <summary>Puts them together.</summary>
    /// <param name="snapshots">The snapshots of lists.</param>
    /// <param name="people">Writes many people at once.</param>
    public JournalStores With<TSnapshots>(TSnapshots snapshots, IPersonWriter people)
        where TSnapshots : IPushSnapshots, ISnapshotFollower
    {
        var imports = new ImportStore(session);
        return new JournalStores
        {
            Pushes = new PushStore(session, identities),
            Outcomes = new OutcomeStore(session, people, _unchanged, imports, snapshots),
            Rows = new RowStore(session, _unchanged),
            ListEdits = new ListEditStore(session),
            Sums = new SumStore(session, _unchanged),
            Imports = imports,
            OpenCalls = new OpenCallStore(session),
            Exports = new AudienceExportStore(session),
            OpenEdits = new OpenEditStore(session),
            Destinations = new DestinationStore(session, locks),
            Snapshots = snapshots,
            People = new PersonStore(session, _unchanged, identities),
            Spools = Spools,
            Machine = Machine,
            OpenLedger = OpenLedger,
            Locks = locks,
            Identities = identities,
        };
    }
}
