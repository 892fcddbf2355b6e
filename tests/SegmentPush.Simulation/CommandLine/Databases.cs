using SegmentPush.Core.Tests.Journal.Postgres;
using SegmentPush.Journal.Postgres;
using SegmentPush.Simulation.Product;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>The databases of the journals: none for journals in files, or those of a private server.</summary>
internal sealed class Databases : IDisposable
{
    /// <summary>What <c>--journal</c> names.</summary>
    public const string Sqlite = "sqlite", Postgres = "postgres";

    /// <summary>What to do where there is no PostgreSQL.</summary>
    public const string Missing = PostgresServer.Missing;

    // What is committed here is gone with the simulator anyway.
    private const string Settings = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off";

    private readonly PostgresServer? _server;
    private readonly string _journal;
    private int _count;

    /// <param name="journal">What <c>--journal</c> says.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed.</exception>
    public Databases(string journal)
    {
        _journal = journal;
        if (journal == Sqlite) return;

        // An answer of the database wakes its reader also where the only thread of the pool is the one that waits for it.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        if (journal == Postgres) _server = PostgresServer.TryStart(Settings) ?? throw new InvalidOperationException(Missing);
        SharedJournal.Use(_server?.NewDatabase(Name()) ?? PostgresAddress.Parse(journal, mayHoldPassword: false));
    }

    /// <summary>How many workers may run at once: each needs a database of its own.</summary>
    public int MostWorkers => _server is null && _journal != Sqlite ? 1 : int.MaxValue;

    /// <summary>The words that let a worker use a database of its own.</summary>
    public IReadOnlyList<string> NewWords() =>
        ["--journal", _server is null ? _journal : $"postgresql://owner@127.0.0.1:{_server.Port}/{Create(Name())}?sslmode=disable"];

    public void Dispose() => _server?.Dispose();

    private string Name() => $"simulation{Interlocked.Increment(ref _count)}";

    private string Create(string name)
    {
        _server!.NewDatabase(name);
        return name;
    }
}
