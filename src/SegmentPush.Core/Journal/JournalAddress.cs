using System.Buffers;
using SegmentPush.Journal.Postgres;
using SegmentPush.Journal.Sql;
using SegmentPush.Journal.Sqlite;

namespace SegmentPush.Journal;

/// <summary>Where a journal is: a folder of this machine, or a database that several machines share.</summary>
internal abstract record JournalAddress
{
    private const string Variable = "SEGMENTPUSH_JOURNAL";

    private static readonly HashSet<string> s_settings = new(
        ["Host", "Server", "Database", "DB", "Username", "User Name", "User", "User ID", "UserID", "UID", "Password", "PWD", "PSW"], StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_ofScheme = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.:");

    /// <summary>The journal that <c>SEGMENTPUSH_JOURNAL</c> names, or the one in the user's own folder.</summary>
    /// <exception cref="SegmentPushException">The variable holds no address (<c>JournalAddressMalformed</c>), or the user has no folder (<c>HomeNotFound</c>).</exception>
    public static JournalAddress Default => Environment.GetEnvironmentVariable(Variable) is { } text && !string.IsNullOrWhiteSpace(text)
        ? IsDatabase(text) ? PostgresAddress.Parse(text, mayHoldPassword: true) : new FolderAddress(Path.GetFullPath(text.Trim()))
        : new FolderAddress(JournalFolder.Default);

    /// <summary>The folder of what stays on this machine: rows of pipelines, and the key of a journal that is not shared.</summary>
    public abstract string LocalFolder { get; }

    /// <summary>Whether there is a journal. A database tells that when it is opened.</summary>
    public abstract bool Exists { get; }

    /// <summary>What a user should know before using it; null where there is nothing.</summary>
    public virtual MessageText? Warning => null;

    /// <summary>The same journal, whose database is waited for so long where it can't be reached. A folder is not waited for.</summary>
    /// <param name="limit">How long; more than 0.</param>
    public virtual JournalAddress WaitingFor(TimeSpan limit) => this;

    /// <summary>Makes the journal, or brings it forward to this version.</summary>
    /// <returns>False where it was as it must be.</returns>
    public abstract bool Initialize();

    /// <summary>What a database administrator runs in place of <see cref="Initialize"/>.</summary>
    /// <exception cref="SegmentPushException">A journal in a folder needs none (<c>JournalNeedsNoScript</c>).</exception>
    public abstract string GetScript();

    /// <summary>Takes destinations, snapshots and history of a journal of one machine along. What is here already stays as it is.</summary>
    /// <exception cref="SegmentPushException">
    /// This is no database, or the other no folder (<c>JournalCopyUnsupported</c>); the folder holds no journal (<c>JournalNotFound</c>), or pushes that may
    /// still go on (<c>JournalHasOpenPushes</c>); a push that may go on here would not know what the folder's pushes have done to its list
    /// (<c>ListHasOpenPush</c>).
    /// </exception>
    public virtual CopiedJournal CopyFrom(JournalAddress source) => throw CopyUnsupported(this);

    /// <summary>All that the journal holds, for another database.</summary>
    public virtual IJournalContent OpenContent() => throw CopyUnsupported(this);

    /// <summary>What can be said of the journal as a whole.</summary>
    public abstract JournalInfo Describe();

    /// <summary>The address that a text names.</summary>
    /// <param name="text">A folder; <c>postgresql://user@host/database</c>; or settings such as <c>Host=...;Database=...</c>.</param>
    /// <exception cref="SegmentPushException">It is the address of a database, and malformed (<c>JournalAddressMalformed</c>) or with a password (<c>PasswordInAddress</c>).</exception>
    public static JournalAddress Of(string text) =>
        IsDatabase(text) ? PostgresAddress.Parse(text, mayHoldPassword: false) : new FolderAddress(Path.GetFullPath(text));

    /// <summary>
    /// Whether a text is the address of a database, and no folder. One that is misspelled is none either: as a folder, it would be another journal than that
    /// of the other machines, and show the password that may stand in it.
    /// </summary>
    public static bool IsDatabase(string text) => IsUri(text) || text.Split(';').Any(part => part.Split('=') is [var key, _, ..] && s_settings.Contains(key.Trim()));

    /// <summary>Whether a text is a URI: a scheme of two letters or more, because one letter is a drive.</summary>
    protected static bool IsUri(string text)
    {
        string trimmed = text.TrimStart();
        int end = trimmed.IndexOf("://", StringComparison.Ordinal);
        return end >= 2 && trimmed.AsSpan(0, end).IndexOfAnyExcept(s_ofScheme) < 0;
    }

    /// <summary>Opens the journal. One in a folder is made where there is none.</summary>
    /// <param name="host">The process's host.</param>
    public abstract PushJournal Open(ProcessHost host);

    /// <summary>Opens the journal for reading. Nothing is made, and a folder without journal reads as empty.</summary>
    public abstract PushJournal OpenToRead();

    /// <summary>Opens the ledger of the calls to an instance for a plan, which is in no journal.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="host">The process's host.</param>
    public abstract IJournalLedger OpenLedger(string instance, ProcessHost host);

    /// <summary>
    /// Opens the ledger for calls that belong to no push; null where the journal is of one machine. A database is not waited for. It fails with an error
    /// where the ledger can't be opened.
    /// </summary>
    /// <param name="instance">The instance.</param>
    public virtual IJournalLedger? OpenLedgerBesidePushes(string instance) => null;

    private static SegmentPushException CopyUnsupported(JournalAddress address) => new(
        "JournalCopyUnsupported",
        $"A journal is taken along from a folder into a database, and '{address}' is on the wrong side.",
        "Give the folder with -From, and the address of the database with -Journal or SEGMENTPUSH_JOURNAL.",
        address.ToString());

    /// <summary>A folder is an address.</summary>
    public static implicit operator JournalAddress?(string? folder) => folder is null ? null : Of(folder);
}
