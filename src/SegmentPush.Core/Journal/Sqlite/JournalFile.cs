using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal.Sqlite;

/// <summary>Where the journal lies on disk, and how it is opened: with access for its owner alone, and with its tables brought to the newest schema.</summary>
internal static class JournalFile
{
    /// <summary>The version that this code reads and writes.</summary>
    public const int SchemaVersion = 10;

    // Pages in the write-ahead log, 64 MB, before it is moved into the file: a push changes the same pages again and again, and each move waits for the disk.
    private const int LogPages = 16_384;

    // SQLite's own result codes.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CantOpen = 14, NotADatabase = 26;

    private const string DamagedAction = "Move the file away to begin a new journal; keep it for its history.";

    /// <summary>The journal's file in a folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "journal.db");

    /// <summary>Opens the journal in a folder, or makes it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isDurable">Whether what was committed must be there after a power cut.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    public static SqliteConnection Open(string folder, bool isDurable = true, ProcessHost? host = null)
    {
        string path = PathIn(folder);
        if ((host?.NetworkFormatOf ?? NetworkDrive.FormatOf)(folder) is { } format) throw NetworkDrive.Refused(folder, format);
        try
        {
            PrivateFile.CreateFolder(folder);
            CreateFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalFolder.NotWritable(path, e);
        }

        return MapErrors(path, () =>
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                // A connection left in a pool would keep the file open after the push.
                Pooling = false,
                DefaultTimeout = 30,
            }.ToString());
            try
            {
                connection.Open();
                host?.Opened?.Invoke(connection);
                // SQLite itself waits for others more finely than its provider would.
                Execute(connection, $"PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = {LogPages}; PRAGMA foreign_keys = ON;");
                Execute(connection, isDurable ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = NORMAL;");
                Migrate(connection, path);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }, host);
    }

    /// <summary>Opens a journal without content that lies in memory, for those who read where there is no journal.</summary>
    public static SqliteConnection OpenEmpty()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Migrate(connection, ":memory:");
        return connection;
    }

    /// <summary>Turns SQLite's faults into errors that say what to do.</summary>
    public static T MapErrors<T>(string path, Func<T> work, ProcessHost? host = null)
    {
        try
        {
            host?.Disk?.Invoke(DiskStep.BeforeJournal);
            var result = work();
            host?.Disk?.Invoke(DiskStep.AfterJournal);
            return result;
        }
        catch (SqliteException e)
        {
            (string id, MessageText what, MessageText action) = e.SqliteErrorCode switch
            {
                Busy or Locked => (SegmentPushException.JournalLocked, (MessageText)"is locked by another program", (MessageText)"Close the program that holds it, and try again."),
                ReadOnly or CantOpen => ("JournalNotWritable", "can't be written", "Give this user write permission there, or set SEGMENTPUSH_HOME to another folder."),
                Full => ("JournalDiskFull", "can't grow, the disk is full", "Free some space, or set SEGMENTPUSH_HOME to another disk."),
                Corrupt or NotADatabase => ("JournalDamaged", (MessageText)"is damaged", (MessageText)DamagedAction),
                IoError => ("JournalNotWritable", "can't be read or written", "Check the disk, or set SEGMENTPUSH_HOME to another folder."),
                _ => ("JournalFailed", "failed", "Try again; if it stays, move the file away to begin a new journal."),
            };
            throw new SegmentPushException(id, $"The journal '{path}' {what} (SQLite {e.SqliteErrorCode}).", action, path, e);
        }
    }

    /// <summary>The error for a journal that SQLite can read, and whose content is not what was written.</summary>
    public static SegmentPushException Damaged(string path, Exception cause) =>
        new("JournalDamaged", $"The journal '{path}' is damaged: {cause.Message}", DamagedAction, path, cause);

    // SQLite gives its side files the permissions of the main file, so that one must be private from the start.
    private static void CreateFile(string path)
    {
        using var file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete);
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        if (VersionOf(connection) == SchemaVersion) return;

        // Two processes may meet a new journal at once; the second finds it done.
        using var transaction = connection.BeginTransaction(deferred: false);
        int version = VersionOf(connection);
        if (version > SchemaVersion)
        {
            throw new SegmentPushException(
                "JournalTooNew",
                $"The journal '{path}' was written by a newer SegmentPush (schema {version}, this one knows {SchemaVersion}).",
                "Update the module, or set SEGMENTPUSH_HOME to another folder.",
                path);
        }

        if (version < 1) Execute(connection, JournalSchema.Version1, transaction);
        if (version < 2) Execute(connection, JournalSchema.Version2, transaction);
        if (version < 3) Execute(connection, JournalSchema.Version3, transaction);
        if (version < 4) Execute(connection, JournalSchema.Version4, transaction);
        if (version < 5) Execute(connection, JournalSchema.Version5, transaction);
        if (version < 6) Execute(connection, JournalSchema.Version6, transaction);
        if (version < 7) Execute(connection, JournalSchema.Version7, transaction);
        if (version < 8) Execute(connection, JournalSchema.Version8, transaction);

        // Version 9 changes no table: from it on an id of a member in doubt is stored as a negative number, which older modules must not read.
        if (version < 10) Execute(connection, JournalSchema.Version10, transaction);
        Execute(connection, $"PRAGMA user_version = {SchemaVersion}", transaction);
        transaction.Commit();
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

#pragma warning disable CA2100 // The texts are this file's and the schema's own.
    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
#pragma warning restore CA2100
}
