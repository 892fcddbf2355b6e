using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Advisory locks that show others that somebody lives: a lock ends with the connection that holds it.</summary>
internal static class LivenessLock
{
    /// <summary>Takes a lock for a connection. It waits where an earlier connection of the same owner is not quite gone.</summary>
    /// <param name="connection">The connection, which holds the lock until it is closed.</param>
    /// <param name="kind">What the number stands for.</param>
    /// <param name="key">The owner's number.</param>
    public static void Take(NpgsqlConnection connection, int kind, int key) => Execute(connection, "SELECT pg_advisory_lock(@kind, @key)", kind, key);

    /// <summary>Takes a lock that several connections of an owner hold.</summary>
    /// <param name="connection">The connection, which holds the lock until it is closed.</param>
    /// <param name="kind">What the number stands for.</param>
    /// <param name="key">The owner's number.</param>
    public static void Share(NpgsqlConnection connection, int kind, int key) => Execute(connection, "SELECT pg_advisory_lock_shared(@kind, @key)", kind, key);

    /// <summary>Opens a connection, and prepares it. One that can't be prepared is closed: without its lock others would take the owner for gone.</summary>
    /// <param name="address">The database.</param>
    /// <param name="machine">Name of this machine.</param>
    /// <param name="prepare">Takes the lock.</param>
    public static NpgsqlConnection Connect(PostgresAddress address, string machine, Action<NpgsqlConnection> prepare)
    {
        var connection = address.Connect(machine);
        try
        {
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql, int kind, int key)
    {
#pragma warning disable CA2100 // The texts are this file's own.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.AddWithValue("kind", kind);
        command.Parameters.AddWithValue("key", key);
        command.ExecuteNonQuery();
    }
}
