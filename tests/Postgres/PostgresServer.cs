using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>
/// A real PostgreSQL: a private cluster in a temporary folder. PostgreSQL refuses to run as root, so root runs it as the user <c>postgres</c>. Tests and
/// the simulator use it.
/// </summary>
internal sealed partial class PostgresServer : IDisposable
{
    /// <summary>What to do where there is none.</summary>
    public const string Missing = "PostgreSQL is not installed: apt-get install postgresql, or put initdb and pg_ctl into the PATH.";

    private static int s_databases;

    private readonly string _binaries;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"segmentpush-pg-{Guid.NewGuid():N}");
    private readonly bool _isMounted;

    private PostgresServer(string binaries, int? megabytes = null, PostgresServer? primary = null, string settings = "")
    {
        _binaries = binaries;
        Directory.CreateDirectory(_folder);
        if (megabytes is { } size)
        {
            Execute("mount", "-t", "tmpfs", "-o", $"size={size}m", "tmpfs", _folder);
            _isMounted = true;
        }

        if (IsRoot) Execute("chown", "postgres", _folder);
        Port = FindPort();

        if (primary is null) AsServer("initdb", "-D", Data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C");
        else AsServer("pg_basebackup", "-D", Data, "-h", "127.0.0.1", "-p", primary.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-U", "owner", "-R", "-c", "fast", "--no-sync");

        // A killed server loses nothing without fsync: the machine lives on. What is measured is written as users' servers write it.
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"), $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = '{_folder}'
            max_connections = 200
            {(Environment.GetEnvironmentVariable("SEGMENTPUSH_PACE") == "1" ? string.Empty : "fsync = off")}
            {(megabytes is null ? string.Empty : "max_wal_size = 32MB\nmin_wal_size = 32MB")}
            {settings}
            """);
    }

    // A server listens seconds after its port was chosen. A connection to elsewhere takes a higher port.
    private static int FindPort()
    {
        for (int attempt = 1; ; attempt++)
        {
            using var free = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(20_000, 32_000));
            try
            {
                free.Start();
                return ((IPEndPoint)free.LocalEndpoint).Port;
            }
            catch (SocketException) when (attempt < 20)
            {
                // It is in use.
            }
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Lines for its configuration.</param>
    /// <returns>Null where PostgreSQL is not installed.</returns>
    public static PostgresServer? TryStart(string settings = "")
    {
        if (FindBinaries() is not { } binaries) return null;
        var server = new PostgresServer(binaries, settings: settings);
        server.Start();
        return server;
    }

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Makes a database with an empty journal.</summary>
    public PostgresAddress NewJournal(string? name = null)
    {
        var address = NewDatabase(name);
        PostgresSetup.Run(address, ProcessHost.Machine);
        return address;
    }

    /// <summary>Makes an empty database.</summary>
    public PostgresAddress NewDatabase(string? name = null)
    {
        name ??= $"journal{Interlocked.Increment(ref s_databases)}";
        Execute($"CREATE DATABASE {name}");
        return AddressOf(name);
    }

    /// <summary>The address of a database.</summary>
    public PostgresAddress AddressOf(string database, string user = "owner") =>
        PostgresAddress.Parse($"postgresql://{user}@127.0.0.1:{Port}/{database}?sslmode=disable", mayHoldPassword: false);

    /// <summary>Runs SQL as the owner of the server.</summary>
    public void Execute(string sql, string database = "postgres")
    {
        using var connection = Connect(database);
#pragma warning disable CA2100 // A text of a test.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Opens a connection as the owner of the server.</summary>
    public NpgsqlConnection Connect(string database)
    {
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Port};Username=owner;Database={database};Pooling=false");
        connection.Open();
        return connection;
    }

    /// <summary>Ends all connections of the product.</summary>
    public void EndConnections() => Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'SegmentPush%'");

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        using var server = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture));
        server.Kill();
        server.WaitForExit();
    }

    /// <summary>Lets a user in with a password only.</summary>
    public void AskForPasswordOf(string user) => AddRule($"host all {user} 127.0.0.1/32 scram-sha-256");

    /// <summary>Lets a user in with a Kerberos ticket only.</summary>
    public void AskForTicketOf(string user) => AddRule($"host all {user} 127.0.0.1/32 gss");

    /// <summary>Encrypts, and lets a user in with a certificate only.</summary>
    /// <param name="user">The user, whose name is in the certificate.</param>
    /// <param name="authority">The certificate that vouches for the server and for its users, as PEM.</param>
    /// <param name="certificate">The server's certificate, as PEM.</param>
    /// <param name="key">Its key, as PEM.</param>
    public void AskForCertificateOf(string user, string authority, string certificate, string key)
    {
        foreach (var (name, text) in new[] { ("ca.crt", authority), ("server.crt", certificate), ("server.key", key) })
        {
            string path = Path.Combine(Data, name);
            File.WriteAllText(path, text);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            if (IsRoot) Execute("chown", "postgres", path);
        }

        Execute("ALTER SYSTEM SET ssl_ca_file = 'ca.crt'");
        Execute("ALTER SYSTEM SET ssl = on");
        AddRule($"hostssl all {user} 127.0.0.1/32 cert");
    }

    /// <summary>Makes a standby the primary.</summary>
    public void Promote() => AsServer("pg_ctl", "-D", Data, "-w", "promote");

    /// <summary>Whether it runs.</summary>
    public bool IsUp()
    {
        try
        {
            AsServer("pg_ctl", "-D", Data, "status");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Fills its disk.</summary>
    public void FillDisk()
    {
        using var ballast = File.Create(Path.Combine(_folder, "ballast"));
        byte[] zeros = new byte[1 << 12];
        try
        {
            while (true)
            {
                ballast.Write(zeros);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>What it has logged.</summary>
    public string ReadLog()
    {
        using var log = new StreamReader(new FileStream(Path.Combine(_folder, "log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd();
    }

    /// <summary>Makes room on its disk.</summary>
    public void FreeDisk() => File.Delete(Path.Combine(_folder, "ballast"));

    /// <summary>Starts it, and waits until it takes connections. Processes of one that was killed may hold its memory for a moment.</summary>
    public void Start()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                AsServer("pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "start");
                return;
            }
            catch (InvalidOperationException) when (attempt < 20)
            {
                Thread.Sleep(250);
            }
        }
    }

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

        if (_isMounted) Execute("umount", "-l", _folder);
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    // The first rule that fits decides.
    private void AddRule(string rule)
    {
        string rules = Path.Combine(Data, "pg_hba.conf");
        File.WriteAllText(rules, $"{rule}\n{File.ReadAllText(rules)}");
        Execute("SELECT pg_reload_conf()");
    }

    private void AsServer(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        if (IsRoot) Execute("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Execute(path, arguments);
    }

    private static void Execute(string program, params string[] arguments)
    {
        if (!TryExecute(program, arguments)) throw new InvalidOperationException($"{program} {arguments.FirstOrDefault()} failed.");
    }

    private static bool TryExecute(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.GetTempPath() };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);

        // A server that is started keeps what it inherits, so nothing is read from it.
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0;
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
