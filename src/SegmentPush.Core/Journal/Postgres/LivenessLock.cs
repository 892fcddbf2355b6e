using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Advisory locks that show others that somebody lives: a lock ends with the connection that holds it.</summary>
internal static class LivenessLock
{
    /// <summary>Takes a lock for a connection. It waits where an earlier connection of the same owner is not quite gone.</summary>
    /// <param name="connection">The connection, which holds the lock until it is closed.</param>
    /// <param name="kind">What the number stands for.</param>
    /// <param name="key">The owner's number.</param>
    public static void Take(NpgsqlConnection connection, int kind, int key)
    {
        using var command = new NpgsqlCommand("SELECT pg_advisory_lock(@kind, @key)", connection);
        command.Parameters.AddWithValue("kind", kind);
        command.Parameters.AddWithValue("key", key);
        command.ExecuteNonQuery();
    }

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
}
