using Microsoft.Data.Sqlite;
using SegmentPush.Journal.Sqlite;

namespace SegmentPush.Journal;

/// <summary>
/// What happened, on disk: every push, and every person's outcome. One instance serves one thread at a time;
/// other processes may read and write the same file meanwhile.
/// </summary>
internal sealed partial class PushJournal : IDisposable
{
    // A person in an import file has its outcome.
    private const string PersonWithImport =
        "person p LEFT JOIN import_file i ON i.push_key = p.push_key AND i.number = p.import_number";

    // ... and was on the list before where the snapshot knew it there.
    private const string Outcome =
        "CASE WHEN i.number IS NULL THEN p.outcome WHEN i.outcome = 1 AND p.member_number IS NOT NULL THEN 2 ELSE i.outcome END";

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly ProcessHost _host;
    private JournalLock? _alive;
    private IdentityHash? _hash;

    private PushJournal(SqliteConnection connection, string path, ProcessHost host)
    {
        _host = host;
        _connection = connection;
        _path = path;
        var session = new JournalSession(connection, path, host);
        Imports = new ImportStore(session);
        Creates = new CreateStore(session);
        OpenEdits = new OpenEditStore(session);
        Snapshots = new SnapshotStore(connection, path, host);
    }

    /// <summary>The import files of pushes.</summary>
    public ImportStore Imports { get; }

    /// <summary>What pushes have begun that may still create people in Marketo.</summary>
    public CreateStore Creates { get; }

    /// <summary>The folder it lies in, which its owner alone can read.</summary>
    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>Opens the journal in a folder, or makes it.</summary>
    /// <param name="folder">The folder; null for the user's own.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    public static PushJournal Open(string? folder = null, ProcessHost? host = null)
    {
        folder ??= JournalFile.DefaultFolder;
        host ??= ProcessHost.Machine;
        return new PushJournal(JournalFile.Open(folder, host: host), JournalFile.PathIn(folder), host);
    }

    /// <summary>Opens the journal in a folder for reading. Where there is none, nothing is made, and it reads as empty.</summary>
    /// <param name="folder">The folder; null for the user's own.</param>
    public static PushJournal OpenToRead(string? folder = null)
    {
        folder ??= JournalFile.DefaultFolder;
        return IsIn(folder) ? Open(folder) : new PushJournal(JournalFile.OpenEmpty(), JournalFile.PathIn(folder), ProcessHost.Machine);
    }

    /// <summary>Whether there is a journal in a folder.</summary>
    public static bool IsIn(string folder) => File.Exists(JournalFile.PathIn(folder));

    /// <summary>What pushes have begun on their lists and not ended.</summary>
    public OpenEditStore OpenEdits { get; }

    /// <summary>The snapshots of lists.</summary>
    public SnapshotStore Snapshots { get; }

    /// <summary>What makes the hashes of identities in snapshots.</summary>
    public IdentityHash OpenHash() => IdentityHash.Open(Folder);

    /// <summary>The moment by this machine's clock, UTC.</summary>
    public DateTimeOffset Now => _host.Time.GetUtcNow();

    /// <summary>Enters a new push.</summary>
    /// <param name="status">The push at its start.</param>
    /// <param name="request">What it is to do, as text.</param>
    /// <param name="sources">Where its people come from.</param>
    /// <param name="identities">How the identities of its people are kept.</param>
    /// <returns>Its key for the calls below.</returns>
    public long Begin(PushStatus status, string request, IReadOnlyList<JournalSource> sources, JournalIdentity identities = JournalIdentity.Plain) => Guard(() =>
    {
        if (identities == JournalIdentity.Hash) _hash = IdentityHash.Open(Folder);
        // Held while this process lives, so that others can tell a push that runs from one that was killed.
        _alive = JournalLock.Take(Folder, Alive(status.Id), _host);
        using var transaction = _connection.BeginTransaction();
        using var command = Command(transaction, $"""
            INSERT INTO push ({PushRow.Columns}, request, identity_form)
            VALUES ($id, $state, $reason, $instance, $list_id, $list_name, $person_creation, $existing_people, $delivery, $partition_name,
                    $started, $ended, $touched, $received, $added, $already_member, $removed, $not_member, $unmatched, $duplicate, $rejected,
                    $not_delivered, $created, $updated, $multiple_matches, $without_company_fields, $calls, $reject_path,
                    $destination, $mode, $undo_of, $is_verified, $error_id, $values_left_out, $has_begun, $has_unknown_changes, $request, $identity_form)
            RETURNING push_key
            """);
        command.Parameters.AddWithValue("$request", request);
        command.Parameters.AddWithValue("$identity_form", (int)identities);
        PushRow.AddStart(command, status);
        PushRow.AddProgress(command, status);
        long key = (long)command.ExecuteScalar()!;

        for (int i = 0; i < sources.Count; i++)
        {
            using var source = Command(transaction, """
                INSERT INTO push_source (push_key, source, name, form, description, spool)
                VALUES ($key, $source, $name, $form, $description, $spool)
                """);
            source.Parameters.AddWithValue("$key", key);
            source.Parameters.AddWithValue("$source", i);
            source.Parameters.AddWithValue("$name", sources[i].Name);
            source.Parameters.AddWithValue("$form", OrNull(sources[i].Form));
            source.Parameters.AddWithValue("$description", OrNull(sources[i].Description));
            source.Parameters.AddWithValue("$spool", OrNull(sources[i].Spool));
            source.ExecuteNonQuery();
        }

        transaction.Commit();
        return key;
    });

    /// <summary>The error for a push that the journal does not hold.</summary>
    public static SegmentPushException NotFound(Guid id) => new(
        "PushNotFound",
        $"The journal holds no push {id}.",
        "Get-PushStatus -Last 10 shows the newest; SEGMENTPUSH_HOME chooses another journal.",
        id);

    /// <summary>Notes which list a push goes into, once that is found.</summary>
    public void Aim(long pushKey, long listId, string listName, string? partition) => Guard(() =>
    {
        using var command = Command(null, "UPDATE push SET list_id = $id, list_name = $name, partition_name = $partition WHERE push_key = $key");
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$id", listId);
        command.Parameters.AddWithValue("$name", listName);
        command.Parameters.AddWithValue("$partition", OrNull(partition));
        return command.ExecuteNonQuery();
    });

    /// <summary>Takes a push out with its people, and with the rows that were kept for resuming it.</summary>
    /// <exception cref="SegmentPushException">It is under way (<c>PushRunning</c>), or may still create people (<c>CreatesOpen</c>).</exception>
    public void Remove(Guid id)
    {
        using var held = TakeAlive(id) ?? throw Running(id);
        if (Creates.HasOpen(id))
        {
            throw new SegmentPushException(
                "CreatesOpen",
                $"A call or an import of the push {id} may still create people in Marketo, and the next push would make duplicates of them if the journal forgot it.",
                "Resume the push, or push the segment again; after that, or after seven days, it can be removed.",
                id);
        }

        var spools = GetSpools(id);
        Guard(() =>
        {
            using var command = Command(null, "DELETE FROM push WHERE id = $id");
            command.Parameters.AddWithValue("$id", id.ToString());
            return command.ExecuteNonQuery();
        });
        foreach (string spool in spools) File.Delete(Path.Combine(Folder, spool));
    }

    /// <summary>Makes the file smaller where much of it is free. It locks the file for as long as that takes.</summary>
    /// <returns>False where a push runs, which would have to wait for that time.</returns>
    public bool TryGiveSpaceBack()
    {
        if (GetPushes(new PushFilter { States = [PushState.Running] }).Count > 0) return false;
        return Guard(() =>
        {
            using var pages = Command(null, "SELECT freelist_count * 4 > page_count FROM pragma_freelist_count, pragma_page_count");
            if ((long)pages.ExecuteScalar()! == 0) return true;
            using var vacuum = Command(null, "VACUUM");
            vacuum.ExecuteNonQuery();
            return true;
        });
    }

    /// <summary>Writes outcomes and where the push stands now, together or not at all.</summary>
    public void Settle(long pushKey, IEnumerable<PersonEntry> people, PushStatus status) =>
        Guard(() => Write(pushKey, null, people, status));

    /// <summary>Writes outcomes of rows that were read, those of people for whom there is nothing to do, and where the push stands now.</summary>
    public void Settle(long pushKey, IEnumerable<PersonEntry> people, IEnumerable<UnchangedBlock> unchanged, PushStatus status) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        InsertPeople(pushKey, people);
        InsertUnchanged(transaction, pushKey, unchanged);
        Update(transaction, pushKey, status);
        transaction.Commit();
        return true;
    });

    /// <summary>Enters people who are about to be sent with a call that can create them, and the moment by Marketo's clock.</summary>
    public void RecordSent(long pushKey, IEnumerable<PersonEntry> people, DateTimeOffset sentAt, PushStatus status) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        InsertPeople(pushKey, people);
        Update(transaction, pushKey, status);
        using var command = Command(transaction, "UPDATE push SET create_sent = $sent WHERE push_key = $key");
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$sent", sentAt.UtcTicks);
        command.ExecuteNonQuery();
        transaction.Commit();
        return true;
    });

    /// <summary>Whether identities are kept as hashes, which can't be looked up.</summary>
    public bool HashesIdentities => _hash is not null;

    /// <summary>An identity as the push keeps it.</summary>
    public string KeyOf(string identity) => _hash is null || identity.Length == 0 ? identity : _hash.Of(identity);

    /// <summary>Enters people of an import, who have its outcome from here on.</summary>
    public void RecordImported(long pushKey, ImportEntry import, IEnumerable<ImportedPerson> people, PushStatus status) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        Imports.Write(transaction, pushKey, import);
        if (import.State == ImportFileState.Accepted) LoseUploadsBefore(transaction, pushKey, import.Number);
        InsertImported(pushKey, import.Number, people);
        if (import.State == ImportFileState.Uploading) Snapshots.DoubtImport(transaction, pushKey, import);
        Update(transaction, pushKey, status);
        transaction.Commit();
        return true;
    });

    /// <summary>Writes how an import stands, and people with it.</summary>
    public void Settle(long pushKey, ImportEntry import, IEnumerable<PersonEntry> people, PushStatus status) =>
        Guard(() => Write(pushKey, import, people, status));

    public void Dispose()
    {
        _connection.Dispose();
        _alive?.Dispose();
    }

    private long Number(string sql, long pushKey)
    {
        using var command = Command(null, sql);
        command.Parameters.AddWithValue("$key", pushKey);
        return (long)command.ExecuteScalar()!;
    }

    private void Run(SqliteTransaction transaction, string sql, long key)
    {
        using var command = Command(transaction, sql);
        command.Parameters.AddWithValue("$key", key);
        command.ExecuteNonQuery();
    }

    private static string Alive(Guid pushId) => "push " + pushId;

    private JournalLock? TakeAlive(Guid pushId) => JournalLock.TryTake(Folder, Alive(pushId), isTransient: true, _host);

    private bool Write(long pushKey, ImportEntry? import, IEnumerable<PersonEntry> people, PushStatus status)
    {
        using var transaction = _connection.BeginTransaction();
        if (import is not null) Imports.Write(transaction, pushKey, import);
        InsertPeople(pushKey, people);
        if (import is { State: ImportFileState.Settled }) Snapshots.FollowImport(transaction, pushKey, import);
        Update(transaction, pushKey, status);
        transaction.Commit();
        return true;
    }

    private void Update(SqliteTransaction transaction, long pushKey, PushStatus status)
    {
        using var command = Command(transaction, """
            UPDATE push SET state = $state, reason = $reason, delivery = $now_delivery, ended = $ended, touched = $touched, received = $received, added = $added,
                already_member = $already_member, removed = $removed, not_member = $not_member, unmatched = $unmatched,
                duplicate = $duplicate, rejected = $rejected, not_delivered = $not_delivered, created = $created, updated = $updated,
                multiple_matches = $multiple_matches, without_company_fields = $without_company_fields, calls = $calls,
                reject_path = $reject_path, is_verified = $is_verified, error_id = $error_id,
                values_left_out = $values_left_out, has_begun = $has_begun, has_unknown_changes = $has_unknown_changes
            WHERE push_key = $key
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        PushRow.AddProgress(command, status);
        command.ExecuteNonQuery();
    }

    private T Guard<T>(Func<T> work) => JournalFile.Guard(_path, work, _host);

    private SqliteCommand Command(SqliteTransaction? transaction, string sql)
    {
        var command = _connection.CreateCommand();
        command.Transaction = transaction;
        SetText(command, sql);
        return command;
    }

#pragma warning disable CA2100 // The texts are this file's own; every value is a parameter or a number.
    private static void SetText(SqliteCommand command, string sql) => command.CommandText = sql;
#pragma warning restore CA2100

    private static string? StringOrNull(SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
