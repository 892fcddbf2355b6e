using System.Net.Sockets;
using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>One table from the faults of PostgreSQL to what follows: waited out, or an error that says what to do.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether a fault passes by itself: the server restarts, fails over, is full of connections, or a transaction met another one.</summary>
    public static bool Passes(Exception fault) => fault switch
    {
        PostgresException e => e.SqlState is [.. "08", _, _, _] or [.. "57P0", _] or [.. "53", _, _, _] or "25P03" or "25P04" or "25006" or "40001" or "40P01" or "55P03" or "57014",
        NpgsqlException e => !LacksPassword(e) && !LacksTicket(e) && !LacksTls(e) && (e.IsTransient || IsConnectionLost(e)),
        _ => IsConnectionLost(fault),
    };

    /// <summary>
    /// Whether the next attempt needs a new connection: the old one is gone, or its session can only read, which it would stay after the server can write.
    /// </summary>
    public static bool NeedsNewConnection(Exception fault) => fault is PostgresException { SqlState: "25006" } || IsConnectionLost(fault);

    private static bool IsConnectionLost(Exception fault) => fault switch
    {
        PostgresException e => e.SqlState is [.. "08", _, _, _] or [.. "57P0", _] or "25P03" or "25P04" or "53300",
        NpgsqlException { InnerException: AggregateException hosts } => hosts.InnerExceptions.Any(Passes),
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException or ObjectDisposedException or OperationCanceledException } => true,
        NpgsqlException e => e.IsTransient || e.InnerException is null,
        IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The error for a fault that does not pass, or that was waited out in vain.</summary>
    public static SegmentPushException Map(PostgresAddress address, Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresSchema.LeaseLost } => LeaseLost(address),
        PostgresException { SqlState: PostgresSchema.WrongCount or "21000" } => PushErrors.SettledTwice(),
        PostgresException { SqlState: PostgresSchema.SnapshotOutdated } => SnapshotErrors.Outdated(),
        PostgresException { SqlState: "3F000" or "42P01" or "42883" } => NotInitialized(address),
        PostgresException { SqlState: "42501" } e => Error(
            "JournalNotWritable", address, "may not be read or written by this user", "Give the user the role segmentpush_pusher, or segmentpush_reader for reading.", e),
        PostgresException { SqlState: "28P01" or "28000" } e => Error(
            "JournalNotOpened", address, "does not let this user in", "Check user and password: PGPASSFILE, ~/.pgpass or PGPASSWORD holds the password. Where the server asks for a certificate, name it with sslcert and sslkey in the address.", e),
        NpgsqlException e when LacksPassword(e) => Error(
            "JournalNotOpened", address, "asks for a password, and there is none", "Keep it in ~/.pgpass, PGPASSFILE or PGPASSWORD.", e),
        NpgsqlException e when LacksTicket(e) => Error(
            "JournalNotOpened", address, "asks for a Kerberos ticket, and there is none that can be used", "Get one with kinit, or run as a user of the domain.", e),
        NpgsqlException e when LacksTls(e) => Error(
            "JournalNotOpened", address, "can't be reached by a connection that is encrypted and trusted", "Check sslmode and sslrootcert of the address, and the certificate of the server.", e),
        PostgresException { SqlState: "3D000" } e => Error("JournalNotOpened", address, "does not exist", "Create the database, then run Initialize-PushJournal.", e),
        PostgresException { SqlState: "53300" } e => Error(
            SegmentPushException.JournalUnreachable, address, "has no connection left", "Raise max_connections of the server, or run fewer pushes at once.", e),
        PostgresException { SqlState: "53100" } e => Error(SegmentPushException.JournalUnreachable, address, "can't grow, its disk is full", "Free some space on the database's disk.", e),
        PostgresException { SqlState: "58030" } e => Error("JournalNotWritable", address, "can't read or write its disk", "Check the disk of the database's server, and its log.", e),
        PostgresException { SqlState: "XX001" or "XX002" } e => Error("JournalDamaged", address, "is damaged", "Restore the schema from a back-up.", e),
        PostgresException { SqlState: "25006" } e => Error(
            SegmentPushException.JournalUnreachable, address, "can only be read", "Connect to the primary: Target Session Attributes=primary.", e),
        _ when Passes(fault) => Error(
            SegmentPushException.JournalUnreachable, address, "can't be reached",
            "Check the server and the network; Get-PushJournal shows whether the journal can be read. A push that was interrupted can be resumed then.", fault),
        _ => Error("JournalFailed", address, "failed", "Try again; Get-PushJournal shows whether the journal can be read.", fault),
    };

    /// <summary>The error of a process whose leases another one has taken over, because they had expired.</summary>
    public static SegmentPushException LeaseLost(PostgresAddress address) => new(
        SegmentPushException.JournalLeaseLost,
        $"This process did not reach the journal {address} for so long that another one may have taken its push over.",
        "Get-PushStatus shows how the push stands; resume it where it is interrupted.",
        address.ToString());

    /// <summary>The error for a database without the tables of a journal.</summary>
    public static SegmentPushException NotInitialized(PostgresAddress address) => new(
        "JournalNotInitialized",
        $"There is no journal in {address} that this user may see.",
        "Run Initialize-PushJournal once with a user that may create a schema. Where there is one, give this user the role segmentpush_pusher, or segmentpush_reader for reading.",
        address.ToString());

    /// <summary>The error for content that is not what was written.</summary>
    public static SegmentPushException Damaged(PostgresAddress address, Exception cause) => new(
        "JournalDamaged", $"The journal {address} is damaged: {cause.Message}", "Restore the schema from a back-up.", address.ToString(), cause);

    // Npgsql tells these by their texts alone.
    private static bool LacksPassword(NpgsqlException fault) => fault.Message.StartsWith("No password has been provided", StringComparison.Ordinal);

    private static bool LacksTicket(NpgsqlException fault) => fault.Message.StartsWith("Unable to authenticate with GSS", StringComparison.Ordinal);

    private static bool LacksTls(NpgsqlException fault) =>
        fault.InnerException is System.Security.Authentication.AuthenticationException || fault.Message.StartsWith("SSL connection requested", StringComparison.Ordinal);

    // The fault itself is no cause of the error: its text may hold values of a row, or what the user wrote into the address.
    private static SegmentPushException Error(string id, PostgresAddress address, MessageText what, MessageText action, Exception fault) => new(
        id, $"The journal {address} {what} ({CodeOf(fault)}).", action, address.ToString());

    private static string CodeOf(Exception fault) => fault is PostgresException e ? $"PostgreSQL {e.SqlState}" : (fault.InnerException ?? fault).GetType().Name;
}
