using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>One journal in PostgreSQL for several machines.</summary>
public sealed class SharedJournalTests
{
    private static readonly ProcessHost s_paris = new() { MachineName = "paris" }, s_rome = new() { MachineName = "rome" };

    [Theory]
    [InlineData("postgresql://ann:s3cret@db.example.com/segments?sslmode=verify-full", "postgresql://ann@db.example.com/segments")]
    [InlineData("Host=a,b;Port=6000;Database=segments;Username=ann;Password=s3cret;Target Session Attributes=primary", "postgresql://ann@a,b:6000/segments")]
    [InlineData("Host=db;Database=segments;Username=ann;SSL Password=s3cret", "postgresql://ann@db/segments")]
    [InlineData("Host=db;Database=segments;Username=ann;Password=s3cret://a/b", "postgresql://ann@db/segments")]
    [InlineData("postgresql://ann:s3cret%2F@db.example.com/segments", "postgresql://ann@db.example.com/segments")]
    public void An_address_never_shows_a_password_and_takes_one_from_the_environment_only(string text, string shown)
    {
        Assert.Equal(shown, PostgresAddress.Parse(text, mayHoldPassword: true).ToString());
        var error = Assert.Throws<SegmentPushException>(() => JournalAddress.Of(text));
        Assert.Equal("PasswordInAddress", error.ErrorId);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://db.example.com")]
    [InlineData("postgresql://db.example.com:x/segments")]
    [InlineData("postgresql://db.example.com:99999/segments")]
    [InlineData("postgresql://db.example.com:99999999999/segments")]
    [InlineData("Host=db;Nonsense=s3cret")]
    [InlineData("postgresql://ann:123/s3cret@db.example.com/segments")]
    [InlineData("postgressql://ann:s3cret@db.example.com/segments")]
    [InlineData("jdbc:postgresql://db.example.com/segments?user=ann&password=s3cret")]
    [InlineData("Username=ann;Password=s3cret;Database=segments")]
    [InlineData("Servr=db;User ID=ann;Pwd=s3cret")]
    public void A_malformed_address_is_refused_without_being_repeated(string text)
    {
        var error = Assert.Throws<SegmentPushException>(() => JournalAddress.Of(text));
        Assert.Equal("JournalAddressMalformed", error.ErrorId);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"C:\journal")]
    [InlineData("C://journal")]
    [InlineData("/var/lib/host=db/journal")]
    [InlineData("journal=old")]
    public void A_folder_is_no_address_of_a_database(string text) => Assert.False(JournalAddress.IsDatabase(text));

    [Theory]
    [InlineData("read-write")]
    [InlineData("prefer-standby")]
    [InlineData("primary")]
    public void A_server_is_asked_for_as_libpq_asks(string attributes) =>
        Assert.Equal("postgresql://ann@a,b/segments", JournalAddress.Of($"postgresql://ann@a,b/segments?target_session_attrs={attributes}").ToString());

    [Fact]
    public void A_way_that_is_not_encrypted_is_warned_of_unless_it_stays_on_this_machine()
    {
        Assert.NotNull(JournalAddress.Of("postgresql://ann@db.example.com/segments").Warning);
        Assert.Null(JournalAddress.Of("postgresql://ann@db.example.com/segments?sslmode=verify-full").Warning);
        Assert.Null(JournalAddress.Of("postgresql://ann@localhost/segments").Warning);
        Assert.Null(JournalAddress.Of("postgresql://ann@127.0.0.1:6000/segments").Warning);
        Assert.Null(JournalAddress.Of("postgresql://ann@[::1]/segments").Warning);
        Assert.Null(JournalAddress.Of("postgresql://ann@[::1]:6000/segments").Warning);
        Assert.NotNull(JournalAddress.Of("postgresql://ann@[2001:db8::1]:6000/segments").Warning);
        Assert.NotNull(JournalAddress.Of("postgresql://ann@localhost.example.com/segments").Warning);
    }

    [Fact]
    public void A_database_without_journal_or_with_a_newer_one_says_what_to_do()
    {
        var address = PostgresServer.Shared.NewDatabase();
        Assert.Equal("JournalNotInitialized", Assert.Throws<SegmentPushException>(() => address.OpenToRead()).ErrorId);
        Assert.True(address.Initialize());
        Assert.False(address.Initialize());
        PostgresServer.Shared.Execute("UPDATE segmentpush.schema_version SET number = 99", DatabaseOf(address));
        Assert.Equal("JournalTooNew", Assert.Throws<SegmentPushException>(() => address.OpenToRead()).ErrorId);
    }

    [Fact]
    public void A_server_that_asks_for_a_password_or_a_ticket_or_has_no_TLS_is_no_server_that_is_away()
    {
        using var server = PostgresServer.StartOwn();
        var address = server.NewJournal();
        server.Execute("CREATE ROLE ann LOGIN PASSWORD 's3cret'");
        server.AskForPasswordOf("ann");
        server.Execute("CREATE ROLE kim LOGIN");
        server.AskForTicketOf("kim");

        var noPassword = Assert.Throws<SegmentPushException>(() => server.AddressOf(DatabaseOf(address), "ann").OpenToRead());
        var noTicket = Assert.Throws<SegmentPushException>(() => server.AddressOf(DatabaseOf(address), "kim").OpenToRead());
        var noTls = Assert.Throws<SegmentPushException>(() => PostgresAddress.Parse(address + "?sslmode=require", mayHoldPassword: false).OpenToRead());

        Assert.Equal(("JournalNotOpened", "JournalNotOpened", "JournalNotOpened"), (noPassword.ErrorId, noTicket.ErrorId, noTls.ErrorId));
        Assert.Contains("asks for a password", noPassword.Message, StringComparison.Ordinal);
        Assert.Contains("Kerberos ticket", noTicket.Message, StringComparison.Ordinal);
        Assert.Contains("encrypted", noTls.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_server_may_be_asked_to_be_the_primary()
    {
        var address = PostgresServer.Shared.NewJournal();

        Assert.Equal(PostgresSchema.Version, PostgresAddress.Parse(address + "?sslmode=disable&target_session_attrs=read-write", mayHoldPassword: false).Describe().SchemaVersion);
        Assert.Equal(
            "JournalUnreachable",
            Assert.Throws<SegmentPushException>(
                () => (PostgresAddress.Parse(address + "?sslmode=disable&target_session_attrs=standby", mayHoldPassword: false) with { Timeout = TimeSpan.FromSeconds(1) }).Describe()).ErrorId);
    }

    [Fact]
    public void The_server_sees_soon_that_a_connection_leads_nowhere_or_its_process_is_stopped_unless_the_address_says_otherwise()
    {
        var address = PostgresServer.Shared.NewDatabase();

        Assert.Equal("15 5 3 30000 30000", Settings(address));
        Assert.Equal("60 5 3 30000 30000", Settings(PostgresAddress.Parse(address + "?sslmode=disable&options=-c%20tcp_keepalives_idle%3D60", mayHoldPassword: false)));

        static string Settings(PostgresAddress address)
        {
            using var connection = address.Connect("paris");
            using var command = new Npgsql.NpgsqlCommand(
                "SELECT string_agg(setting, ' ' ORDER BY n) FROM pg_settings JOIN unnest(ARRAY['tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout', 'idle_in_transaction_session_timeout']) WITH ORDINALITY AS t(name, n) USING (name)",
                connection);
            return (string)command.ExecuteScalar()!;
        }
    }

    [Fact]
    public void A_user_without_rights_is_not_told_that_there_is_no_journal()
    {
        var address = PostgresServer.Shared.NewJournal();
        string database = DatabaseOf(address), user = $"stranger_{database}";
        PostgresServer.Shared.Execute($"CREATE ROLE {user} LOGIN");
        var own = PostgresServer.Shared.AddressOf(database, user);

        string[] errors =
        [
            Assert.Throws<SegmentPushException>(own.OpenToRead).ErrorId,
            Assert.Throws<SegmentPushException>(() => own.Open(s_paris)).ErrorId,
            Assert.Throws<SegmentPushException>(own.Describe).ErrorId,
        ];

        Assert.Equal(["JournalNotWritable", "JournalNotWritable", "JournalNotWritable"], errors);
    }

    [Fact]
    public void The_script_makes_the_same_journal_and_roles_for_pushing_and_for_reading()
    {
        var address = PostgresServer.Shared.NewDatabase();
        string database = DatabaseOf(address);
        PostgresServer.Shared.Execute(address.GetScript(), database);
        PostgresServer.Shared.Execute($"CREATE ROLE pusher_{database} LOGIN IN ROLE segmentpush_pusher; CREATE ROLE reader_{database} LOGIN IN ROLE segmentpush_reader", database);
        var push = JournalSetup.NewPush("Webinar");
        using (var pusher = PushJournal.Open(PostgresServer.Shared.AddressOf(database, $"pusher_{database}"), s_paris))
        {
            pusher.BeginPush(push, JournalIdentity.Hash);
            var reader = PostgresServer.Shared.AddressOf(database, $"reader_{database}");
            using var journal = reader.OpenToRead();
            Assert.Equal((PushState.Running, "paris"), journal.History.Get(push.Id) is { } seen ? (seen.State, seen.Machine) : default);
            Assert.Equal(["push " + push.Id], reader.Describe().Leases.Select(lease => lease.Subject));
            Assert.Equal("JournalNotWritable", Assert.Throws<SegmentPushException>(() => journal.Lifecycle.Remove(push.Id)).ErrorId);
            Assert.Equal("JournalNotWritable", Assert.Throws<SegmentPushException>(journal.Identities.OpenHash).ErrorId);
        }
    }

    [Fact]
    public async Task A_process_whose_lease_was_taken_over_can_write_nothing_more_and_may_make_no_call()
    {
        var address = PostgresServer.Shared.NewJournal();
        var push = JournalSetup.NewPush("Webinar");
        using var frozen = PushJournal.Open(address, s_paris);
        long key = frozen.BeginPush(push);
        frozen.Settle(key, [new(0, 1, "a@example.com", PersonOutcome.Added)], push);
        using var other = PushJournal.Open(address, s_rome);
        Assert.Equal("PushRunning", (await Assert.ThrowsAsync<SegmentPushException>(() => other.Lifecycle.TakeOverAsync(push.Id, false, Cancelled))).ErrorId);

        PostgresServer.Shared.Execute("UPDATE segmentpush.session SET expires = clock_timestamp()", DatabaseOf(address));
        var started = await other.Lifecycle.TakeOverAsync(push.Id, false, Cancelled);

        Assert.Equal(key, started.Key);
        Assert.Equal("JournalLeaseLost", Assert.Throws<SegmentPushException>(() => frozen.Settle(key, [new(0, 2, "b@example.com", PersonOutcome.Added)], push)).ErrorId);
        Assert.Equal("JournalLeaseLost", Assert.Throws<SegmentPushException>(() => frozen.Pushes.SaveReceipt(key, "{}")).ErrorId);
        other.Settle(key, [new(0, 3, "c@example.com", PersonOutcome.Added)], push);

        // Also where the other one has settled the same person, which fails first.
        Assert.Equal("JournalLeaseLost", Assert.Throws<SegmentPushException>(() => frozen.Settle(key, [new(0, 3, "c@example.com", PersonOutcome.Added)], push)).ErrorId);
        Assert.Equal(2, other.Sums.CountPeople(key));
        Assert.Equal("rome", other.History.Get(push.Id).Machine);
    }

    [Fact]
    public void A_lease_is_free_at_once_when_its_process_is_gone()
    {
        var address = PostgresServer.Shared.NewJournal();
        string user = $"gone_{DatabaseOf(address)}";
        PostgresServer.Shared.Execute($"CREATE ROLE {user} LOGIN IN ROLE segmentpush_pusher");
        var push = JournalSetup.NewPush("Webinar");
        using var killed = PushJournal.Open(PostgresServer.Shared.AddressOf(DatabaseOf(address), user), s_paris);
        killed.BeginPush(push);
        using var other = PushJournal.Open(address, s_rome);
        Assert.Equal(PushState.Running, other.History.Get(push.Id).State);

        // A process that lives would connect again at once.
        PostgresServer.Shared.Execute($"ALTER ROLE {user} CONNECTION LIMIT 0");
        PostgresServer.Shared.Execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099027 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            DatabaseOf(address));

        Assert.Equal(PushState.Interrupted, other.History.Get(push.Id).State);
        Assert.NotNull(other.Locks.TryTake("push " + push.Id));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task A_process_that_stops_in_the_middle_of_what_it_sends_holds_up_nobody_who_takes_its_push_over(bool isPipeline, bool wasTakenOverBefore)
    {
        var address = PostgresServer.Shared.NewJournal();
        var push = JournalSetup.NewPush("Webinar");
        PostgresSession? main = null;
        var paris = s_paris with { WatchesDatabase = false };
        using var stopped = PushJournal.Open(address, paris with { Opened = opened => main = (PostgresSession)opened });
        long key = stopped.BeginPush(push);
        PostgresServer.Shared.Execute("UPDATE segmentpush.session SET expires = clock_timestamp()", DatabaseOf(address));
        using var rows = new PostgresSession(address, paris, main);
        var session = isPipeline ? rows : main!;
        using var sends = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var write = Task.Run(
            () => session.Write(() =>
            {
                if (isPipeline) session.Run("SELECT fence_beside(@lease)", ("@lease", main!.Lease!.Key));
                else session.Run("UPDATE push SET reason = 'stopped' WHERE push_key = @key", ("@key", key));
                session.Copy("COPY spool_block (push_key) FROM STDIN (FORMAT BINARY)", _ =>
                {
                    sends.Set();
                    goesOn.Wait(Cancelled);
                });
            }),
            Cancelled);
        sends.Wait(Cancelled);

        // By a machine whose user may end no connections of others.
        if (wasTakenOverBefore) PostgresServer.Shared.Execute("UPDATE segmentpush.session SET is_over = true; DELETE FROM segmentpush.lease", DatabaseOf(address));
        using var other = PushJournal.Open(address.WaitingFor(TimeSpan.FromSeconds(5)), s_rome);
        Assert.NotNull(other.Locks.TryTake("push " + push.Id));
        other.Outcomes.Reopen(key, [Stage.Sent], new Dictionary<int, ImportFileState>());

        goesOn.Set();
        Assert.Equal(SegmentPushException.JournalLeaseLost, (await Assert.ThrowsAsync<SegmentPushException>(() => write)).ErrorId);
        Assert.Null(other.History.Get(push.Id).Reason);
    }

    [Fact]
    public void A_connection_that_is_found_lost_between_two_statements_is_waited_out()
    {
        var address = PostgresServer.Shared.NewJournal();
        var push = JournalSetup.NewPush("Webinar");
        PostgresSession? session = null;
        using var journal = PushJournal.Open(
            PostgresAddress.Parse($"postgresql://owner@127.0.0.1:{PostgresServer.Shared.Port}/{DatabaseOf(address)}?sslmode=disable&keepalive=1", mayHoldPassword: false),
            s_paris with { Opened = opened => session = (PostgresSession)opened });
        long key = journal.BeginPush(push);
        int attempts = 0;

        session!.Write(() =>
        {
            session.Run("UPDATE push SET reason = 'found' WHERE push_key = @key", ("@key", key));
            int backend = session.Query("SELECT pg_backend_pid()", row => row.GetInt32(0)).Single();
            if (++attempts > 1) return;
            PostgresServer.Shared.Execute($"SELECT pg_terminate_backend({backend}, 10000)", DatabaseOf(address));

            // What keeps the connection alive finds that it is dead.
            Thread.Sleep(TimeSpan.FromSeconds(3));
        });

        Assert.Equal(2, attempts);
        Assert.Equal("found", journal.History.Get(push.Id).Reason);
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task A_restart_of_the_server_is_waited_out_and_everything_is_written_once(string mode)
    {
        using var server = PostgresServer.StartOwn();
        var push = JournalSetup.NewPush("Webinar");
        using var journal = PushJournal.Open(server.NewJournal(), s_paris);
        long key = journal.BeginPush(push);
        var restart = Task.Run(() =>
        {
            server.Stop(mode);
            server.Start();
        }, Cancelled);

        long row = 0;
        while (!restart.IsCompleted || row < 400) journal.Settle(key, [new(0, ++row, $"p{row}@example.com", PersonOutcome.Added)], push with { Received = row });
        await restart;

        Assert.Equal(row, journal.Sums.CountPeople(key));
        Assert.Equal((PushState.Running, row), journal.History.Get(push.Id) is { } seen ? (seen.State, seen.Received) : default);
        journal.Locks.ThrowIfLost();
    }

    [Fact]
    public void A_server_that_stays_away_is_an_error_that_passes_by_itself()
    {
        using var server = PostgresServer.StartOwn();
        using var journal = PushJournal.Open(server.NewJournal() with { Timeout = TimeSpan.FromSeconds(1) }, s_paris);
        long key = journal.BeginPush(JournalSetup.NewPush("Webinar"));
        server.Stop("immediate");

        var error = Assert.Throws<SegmentPushException>(() => journal.Pushes.SaveReceipt(key, "{}"));

        Assert.Equal(("JournalUnreachable", 2), (error.ErrorId, error.ExitCode));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string DatabaseOf(PostgresAddress address) => address.ToString().Split('/')[^1];
}
