using System.Net;
using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The address of a journal in PostgreSQL. It never shows a password: that comes from <c>PGPASSFILE</c>, <c>~/.pgpass</c>, <c>PGPASSWORD</c>, Kerberos or
/// a client certificate, or stands in the environment variable that names the journal.
/// </summary>
internal sealed record PostgresAddress : JournalAddress
{
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromMinutes(2), s_readTimeout = TimeSpan.FromSeconds(10);

    // How soon the server sees that a connection leads nowhere: after 30 seconds, by default only after hours. Until then it keeps the connection's lock,
    // for which the one that replaces it waits.
    private const string SeesLossSoon = "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000";

    // A process that is stopped in the middle of a transaction keeps its connection, and the rows locked for which the process that resumes its push waits.
    // One that runs sends something every 15 seconds.
    private const string EndsStoppedTransactions = "-c idle_in_transaction_session_timeout=30000";

    private static readonly string[] s_schemes = ["postgresql://", "postgres://"];

    private readonly string _text;

    private PostgresAddress(string text) => _text = text;

    /// <summary>How long a connection that is lost is waited for.</summary>
    public TimeSpan Timeout { get; init; } = s_defaultTimeout;

    /// <summary>What waits faults of the database out, for one connection and what replaces it.</summary>
    public PostgresWait NewWait() => new(this, Timeout);

    /// <summary>The folder of what stays on this machine; null for one of the database's own in the user's folder.</summary>
    public string? Folder { get; init; }

    /// <inheritdoc/>
    public override string LocalFolder => Folder ?? Path.Combine(
        JournalFolder.Default, "shared-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ToString())))[..12]);

    /// <inheritdoc/>
    public override bool Exists => true;

    /// <inheritdoc/>
    public override MessageText? Warning => IsOpenToOthers
        ? (MessageText)$"The connection to the journal {this} is not encrypted for certain; give sslmode=verify-full where the database is on another machine."
        : null;

    // Whether what is sent could be read on its way: a host that is not this machine, and no TLS for certain.
    private bool IsOpenToOthers
    {
        get
        {
            var settings = Settings();
            return settings.SslMode is SslMode.Disable or SslMode.Allow or SslMode.Prefer
                && settings.Host?.Split(',').All(IsLocal) != true;
        }
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">A URI as libpq takes it, or settings as Npgsql takes them.</param>
    /// <param name="mayHoldPassword">Whether a password may stand in it: in an environment variable, but in no parameter, which others could see.</param>
    /// <exception cref="SegmentPushException"><c>JournalAddressMalformed</c>, <c>PasswordInAddress</c>.</exception>
    public static PostgresAddress Parse(string text, bool mayHoldPassword)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = IsUri(text) ? OfUri(text.Trim()) : new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or UriFormatException or NotSupportedException)
        {
            // The text itself may hold a password, and the exception a part of the text.
            throw Malformed();
        }

        if (string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)) throw Malformed();
        if ((settings.Password ?? settings.SslPassword) is not null && !mayHoldPassword)
        {
            throw new SegmentPushException(
                "PasswordInAddress",
                "The address of the journal holds a password, which others could see in histories and transcripts.",
                "Leave it out, and keep it in ~/.pgpass, PGPASSFILE or PGPASSWORD; only the variable SEGMENTPUSH_JOURNAL may hold one.",
                "Journal");
        }

        return new PostgresAddress(settings.ConnectionString);
    }

    /// <inheritdoc/>
    public override PushJournal Open(ProcessHost host)
    {
        JournalFolder.Ensure(LocalFolder);
        return PostgresJournal.Open(this, host);
    }

    /// <inheritdoc/>
    public override PushJournal OpenToRead() => PostgresJournal.Open(Impatient, ProcessHost.Machine);

    /// <inheritdoc/>
    public override IJournalLedger OpenLedger(string instance, ProcessHost host) => CallLedger.Open(this, instance, null, host);

    /// <inheritdoc/>
    public override IJournalLedger OpenLedgerBesidePushes(string instance) =>
        CallLedger.Open(this with { Timeout = TimeSpan.Zero }, instance, null, ProcessHost.Machine);

    /// <inheritdoc/>
    public override JournalAddress WaitingFor(TimeSpan limit) => this with { Timeout = limit };

    /// <inheritdoc/>
    public override CopiedJournal CopyFrom(JournalAddress source)
    {
        using var content = source.OpenContent();
        return PostgresCopy.Run(Impatient, source, content);
    }

    /// <inheritdoc/>
    public override bool Initialize() => PostgresSetup.Run(Impatient, ProcessHost.Machine);

    /// <inheritdoc/>
    public override string GetScript() => PostgresSetup.Script();

    /// <inheritdoc/>
    public override JournalInfo Describe() => PostgresInfo.Read(Impatient);

    /// <summary>Opens a connection.</summary>
    /// <param name="machine">Name of this machine, for the pushes that are entered.</param>
    public NpgsqlConnection Connect(string machine)
    {
        var settings = Settings();
        ThrowIfFileIsMissing(settings);
        settings.ApplicationName ??= "SegmentPush on " + machine;

        // In the order of the schema's functions.
        settings.SearchPath = PostgresSchema.Name + ", pg_catalog";

        // A connection in a pool would keep its advisory lock after its owner has ended, and so would one that several share.
        settings.Pooling = settings.Multiplexing = false;
        settings.IncludeErrorDetail = false;
        settings.Options = $"{SeesLossSoon} {EndsStoppedTransactions} {settings.Options} -c segmentpush.machine={Escape(machine)}";
        if (!settings.ContainsKey("Timeout") || settings.Timeout == 15) settings.Timeout = 10;
        if (settings.KeepAlive == 0) settings.KeepAlive = 15;

        // Npgsql takes session attributes with several hosts only.
        string? asked = settings.TargetSessionAttributes ?? Environment.GetEnvironmentVariable("PGTARGETSESSIONATTRS");
        if (!settings.Host!.Contains(',', StringComparison.Ordinal) && !string.IsNullOrEmpty(asked)) settings.Host = $"{settings.Host},{settings.Host}";

        // Several hosts need a data source, which chooses the one that the session attributes ask for.
        if (settings.Host.Contains(',', StringComparison.Ordinal))
        {
            using var source = new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost();
            return source.OpenConnection();
        }

        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The database as it may be shown: user, host and name, no password.</summary>
    public override string ToString()
    {
        var settings = Settings();
        string user = string.IsNullOrEmpty(settings.Username) ? string.Empty : Uri.EscapeDataString(settings.Username) + "@";
        string port = settings.Port == NpgsqlConnection.DefaultPort || settings.Host!.Contains(':', StringComparison.Ordinal) ? string.Empty : $":{settings.Port}";
        return $"postgresql://{user}{settings.Host}{port}/{settings.Database}";
    }

    /// <summary>Two addresses of the same database with the same settings are equal.</summary>
    public bool Equals(PostgresAddress? other) => other is not null && other._text == _text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    // A person waits, and may try again.
    private PostgresAddress Impatient => Timeout > s_readTimeout ? this with { Timeout = s_readTimeout } : this;

    private NpgsqlConnectionStringBuilder Settings() => new(_text);

    // postgresql://user:password@host:port,host2:port2/database?sslmode=verify-full&target_session_attrs=primary
    private static NpgsqlConnectionStringBuilder OfUri(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder();
        if (!s_schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))) throw Malformed();
        string rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int query = rest.IndexOf('?', StringComparison.Ordinal);
        string parameters = query < 0 ? string.Empty : rest[(query + 1)..];
        if (query >= 0) rest = rest[..query];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);

        // Behind an @ stands the host, so the slash belongs to the password, which would show as the name of a database.
        if (slash >= 0 && rest.IndexOf('@', slash) >= 0) throw Malformed();
        settings.Database = slash < 0 ? string.Empty : Uri.UnescapeDataString(rest[(slash + 1)..]);
        if (slash >= 0) rest = rest[..slash];
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            string[] user = rest[..at].Split(':', 2);
            settings.Username = Uri.UnescapeDataString(user[0]);
            if (user.Length == 2) settings.Password = Uri.UnescapeDataString(user[1]);
        }

        settings.Host = Uri.UnescapeDataString(rest[(at + 1)..]);
        if (settings.Host.Split(':') is [var host, var port] && !host.Contains(',', StringComparison.Ordinal))
            (settings.Host, settings.Port) = (host, ushort.TryParse(port, System.Globalization.CultureInfo.InvariantCulture, out ushort number) ? number : throw Malformed());
        foreach (string parameter in parameters.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = parameter.Split('=', 2);
            string value = pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : string.Empty;
            settings[NpgsqlNameOf(Uri.UnescapeDataString(pair[0]))] = pair[0] == "sslmode" ? value.Replace("-", string.Empty, StringComparison.Ordinal) : value;
        }

        return settings;
    }

    // Npgsql's error would pass for one of the network, and would be waited out.
    private void ThrowIfFileIsMissing(NpgsqlConnectionStringBuilder settings)
    {
        foreach (var (path, variable) in new[] { (settings.RootCertificate, "PGSSLROOTCERT"), (settings.SslCertificate, "PGSSLCERT"), (settings.SslKey, "PGSSLKEY") })
        {
            if ((path ?? Environment.GetEnvironmentVariable(variable)) is { Length: > 0 } file && !File.Exists(file))
            {
                throw new SegmentPushException(
                    "JournalNotOpened",
                    $"The file '{file}', which the connection to the journal {this} needs, does not exist.",
                    $"Correct sslrootcert, sslcert and sslkey in the address, or the variable {variable}.",
                    ToString());
            }
        }
    }

    // The names of libpq that Npgsql does not know under the same name.
    private static string NpgsqlNameOf(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "target_session_attrs" => "Target Session Attributes",
        "connect_timeout" => "Timeout",
        "application_name" => "Application Name",
        "passfile" => "Passfile",
        "host" => "Host",
        "port" => "Port",
        "user" => "Username",
        "dbname" => "Database",
        "password" => "Password",
        _ => name,
    };

    private static bool IsLocal(string host) => host.StartsWith('/')
        || host.Split(':')[0].Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPEndPoint.TryParse(host, out var address) && IPAddress.IsLoopback(address.Address));

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);

    private static SegmentPushException Malformed() => new(
        "JournalAddressMalformed",
        "The address of the journal can't be read.",
        "Give a folder, an address such as postgresql://user@host/database?sslmode=verify-full, or settings such as Host=host;Database=database;Username=user. Percent-encode special characters in a user's name or password, such as '%2F' for a slash.",
        "Journal");
}
