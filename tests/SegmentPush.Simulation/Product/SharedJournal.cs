using Npgsql;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Product;

/// <summary>
/// A journal in a real PostgreSQL. Each process of the simulator has a database of its own, and empties it for each scenario. The database's clock is
/// the scenario's: the schema has a function with the name of the built-in one, which comes first in the product's search path.
/// </summary>
internal sealed class SharedJournal : ScenarioJournal
{
    // The name of the machine of those who look on, which tells their connections from those of the processes.
    private const string Observer = "observer";

    private static NpgsqlConnection? s_own;
    private static string? s_tables;

    private readonly PostgresAddress _address;
    private VirtualTime? _time;
    private TimeSpan? _told;

    private SharedJournal(PostgresAddress address) => _address = address;

    /// <inheritdoc/>
    public override JournalAddress Address => _address;

    /// <summary>Lets the scenarios of this process use a database.</summary>
    /// <param name="address">An empty database, or one that was used so before.</param>
    public static void Use(PostgresAddress address)
    {
        // It would be a random one.
        Environment.SetEnvironmentVariable("SEGMENTPUSH_IDENTITY_KEY", Convert.ToBase64String(new byte[IdentityHash.KeyBytes]));
        SendingThread.Start();
        s_own = address.Connect(Observer);
        Execute(
            """
            CREATE SCHEMA IF NOT EXISTS segmentpush;
            CREATE SCHEMA IF NOT EXISTS simulation;
            CREATE SEQUENCE IF NOT EXISTS simulation.clock;
            CREATE OR REPLACE FUNCTION segmentpush.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
                $$ SELECT timestamptz 'epoch' + last_value * interval '1 microsecond' FROM simulation.clock $$;
            """);
        PostgresSetup.Run(address, ProcessHost.Machine);
        using var tables = new NpgsqlCommand(
            "SELECT string_agg(format('segmentpush.%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'segmentpush' AND tablename <> 'schema_version'", s_own);
        s_tables = (string)tables.ExecuteScalar()!;

        // Rows of a pipeline are copied before the push begins, so none of them may be still to come.
        Adapt = scenario => scenario with { Days = [.. scenario.Days.Select(day => day.IsHalfPipeline ? day with { IsPipeline = false, IsHalfPipeline = false } : day)] };

        Open = (scenario, folder) =>
        {
            var own = address with { Folder = folder };
            return new SharedJournal(EndsWithFault(scenario) ? (PostgresAddress)own.WaitingFor(TimeSpan.Zero) : own);
        };
    }

    /// <inheritdoc/>
    public override void Create(VirtualTime time)
    {
        _time = time;

        // What the scenario before has left open.
        Execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        Execute($"TRUNCATE {s_tables} RESTART IDENTITY; ALTER SEQUENCE segmentpush.caller_lock RESTART");
        TellTime();
    }

    /// <inheritdoc/>
    public override void TellTime()
    {
        if (_told == _time!.Elapsed) return;
        _told = _time.Elapsed;
        using var tell = new NpgsqlCommand("SELECT setval('simulation.clock', @now)", s_own);
        tell.Parameters.AddWithValue("now", (_time.Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        tell.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void EndConnections(string machine)
    {
        // It is waited until each of them has ended, so that no lock is left.
        using var end = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name", s_own);
        end.Parameters.AddWithValue("name", "SegmentPush on " + machine);
        end.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override Exception FaultOf(FaultKind kind) => kind switch
    {
        FaultKind.JournalBusy => new PostgresException("canceling statement due to lock timeout", "ERROR", "ERROR", "55P03"),
        FaultKind.DiskFull => new PostgresException("could not extend file: No space left on device", "ERROR", "ERROR", "53100"),
        _ => new PostgresException("could not read block: Input/output error", "ERROR", "ERROR", "58030"),
    };

    // Who looks on waits a slow machine out, also in scenarios whose processes wait for no fault.
    /// <inheritdoc/>
    protected override PushJournal OpenView() =>
        PushJournal.Open(_address.WaitingFor(TimeSpan.FromMinutes(2)), new ProcessHost { MachineName = Observer, WatchesDatabase = false, Time = new ViewClock(_time!) });

    // Half of the scenarios with faults of the database end with the first one, all others wait them out, and so what a slow machine does to the real server.
    private static bool EndsWithFault(Scenario scenario) => scenario.Seed % 2 != 0 && (scenario.Rates is not null || scenario.Days.Any(day =>
        day.Processes.SelectMany(process => process.Faults).Concat(day.Undoings.SelectMany(undoing => undoing.Faults))
            .Any(fault => fault.Kind is FaultKind.JournalBusy or FaultKind.DiskFull or FaultKind.DiskError)));

    private static void Execute(string sql)
    {
#pragma warning disable CA2100 // The texts are this file's own.
        using var command = new NpgsqlCommand(sql, s_own);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    // Who looks on has the true time.
    private sealed class ViewClock(VirtualTime time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.Now;
    }
}
