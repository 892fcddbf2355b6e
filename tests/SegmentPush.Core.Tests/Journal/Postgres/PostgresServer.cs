using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;

[assembly: AssemblyFixture(typeof(SegmentPush.Core.Tests.Journal.Postgres.SharedServerEnd))]

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>
/// A real PostgreSQL for the tests of this process: a private cluster in a temporary folder, started when a test needs it first. PostgreSQL refuses to
/// run as root, so root runs it as the user <c>postgres</c>.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Missing = "PostgreSQL is not installed: apt-get install postgresql, or put initdb and pg_ctl into the PATH.";

    private static readonly Lazy<PostgresServer?> s_shared = new(() =>
    {
        if (FindBinaries() is not { } binaries) return null;
        var server = new PostgresServer(binaries);
        server.Start();
        return server;
    });

    private static int s_databases;

    private readonly string _binaries;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"segmentpush-pg-{Guid.NewGuid():N}");

    private PostgresServer(string binaries)
    {
        _binaries = binaries;
        Directory.CreateDirectory(_folder);
        if (IsRoot) Execute("chown", "postgres", _folder);
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        AsServer("initdb", "-D", Data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C");
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"), $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = '{_folder}'
            max_connections = 200
            """);
    }

    /// <summary>The server that the tests share. Where it can't be installed the test is skipped; where the variable CI says so, it fails.</summary>
    public static PostgresServer Shared
    {
        get
        {
            if (s_shared.Value is { } server) return server;
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            throw new InvalidOperationException(Missing);
        }
    }

    /// <summary>Stops the server that the tests share, if a test has needed it.</summary>
    public static void StopShared()
    {
        if (s_shared.IsValueCreated) s_shared.Value?.Dispose();
    }

    /// <summary>A server of its own, for a test that stops it.</summary>
    public static PostgresServer StartOwn()
    {
        _ = Shared;
        var server = new PostgresServer(FindBinaries()!);
        server.Start();
        return server;
    }

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Makes a database with an empty journal.</summary>
    public PostgresAddress NewJournal()
    {
        var address = NewDatabase();
        PostgresSetup.Run(address, ProcessHost.Machine);
        return address;
    }

    /// <summary>Makes an empty database.</summary>
    public PostgresAddress NewDatabase()
    {
        string name = $"journal{Interlocked.Increment(ref s_databases)}";
        Execute($"CREATE DATABASE {name}");
        return AddressOf(name);
    }

    /// <summary>The address of a database.</summary>
    public PostgresAddress AddressOf(string database, string user = "owner") =>
        PostgresAddress.Parse($"postgresql://{user}@127.0.0.1:{Port}/{database}?sslmode=disable", mayHoldPassword: false);

    /// <summary>Runs SQL as the owner of the server.</summary>
    public void Execute(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Port};Username=owner;Database={database};Pooling=false");
        connection.Open();
#pragma warning disable CA2100 // A text of a test.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public void Start() => AsServer("pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "start");

    /// <summary>Stops it.</summary>
    /// <param name="mode">smart, fast or immediate.</param>
    public void Stop(string mode) => AsServer("pg_ctl", "-D", Data, "-w", "-m", mode, "stop");

    public void Dispose()
    {
        try
        {
            Stop("immediate");
        }
        catch (InvalidOperationException)
        {
            // It is stopped already.
        }

        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private void AsServer(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        if (IsRoot) Execute("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Execute(path, arguments);
    }

    private static void Execute(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetTempPath() };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);

        // A server that is started keeps what it inherits, so nothing is read from it.
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {arguments.FirstOrDefault()} ended with {process.ExitCode}.");
    }

    private static string? FindBinaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(path => int.TryParse(Path.GetFileName(path), out int version) ? version : 0)
            : Enumerable.Empty<string>();
        return debian.Select(path => Path.Combine(path, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }
}

/// <summary>Stops the shared server once all tests have ended.</summary>
public sealed class SharedServerEnd : IDisposable
{
    public void Dispose() => PostgresServer.StopShared();
}
