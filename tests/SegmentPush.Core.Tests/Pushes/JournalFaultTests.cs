using System.Diagnostics;
using System.Globalization;
using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Journal.Sqlite;
using SegmentPush.Segments;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Disks and files that fail: nothing is sent that could not be recorded, and nothing is lost.</summary>
public sealed class JournalFaultTests
{
    [Fact]
    public async Task A_full_disk_stops_the_push_and_once_there_is_room_it_is_finished()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Makes a small disk by mounting one, on Linux.");
        await using var it = await PushFixture.StartAsync(time: new HurriedTime(50), concurrency: 2);
        string disk = Directory.CreateDirectory(Path.Combine(it.Folder, "disk")).FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", "size=360k", "tmpfs", disk)) Assert.Skip("This user may not mount a small disk.");
        try
        {
            string file = Path.Combine(it.Folder, "segment.csv");
            await File.WriteAllLinesAsync(file, ["email,first,last,company", .. Enumerable.Range(0, 3_000).Select(i => $"{Address(i)},,,")]);
            it.Delivery = Delivery.Sync;
            var options = it.OptionsFor(PersonCreation.MatchExistingAndCreateMissing) with { Journal = disk };

            var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushFileAsync(options, file));

            Assert.Equal("JournalDiskFull", error.ErrorId);
            Assert.True(Run("mount", "-o", "remount,size=100m", disk));
            using var journal = PushJournal.Open(disk);
            var stopped = Assert.Single(journal.History.Get(new PushFilter()));
            Assert.Equal(PushState.Interrupted, stopped.State);
            int entered = journal.People.Get(stopped.Id, Enum.GetValues<PersonOutcome>()).Count();
            Assert.True(it.Marketo.PersonCount <= entered, $"{it.Marketo.PersonCount} people were created, {entered} are in the journal.");

            var resumed = await it.ResumeAsync(stopped.Id, it.Connection, disk);

            Assert.Equal((PushState.Completed, 3_000), (resumed.State, resumed.Received));
            Assert.Equal((3_000, 3_000), (it.Marketo.PersonCount, it.Members().Length));
        }
        finally
        {
            Run("umount", "-l", disk);
        }
    }

    [Fact]
    public async Task Piped_rows_that_the_disk_could_not_take_are_an_error_and_no_end_of_the_rows()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Makes a small disk by mounting one, on Linux.");
        using var folder = new TemporaryFolder();
        if (!Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.Path)) Assert.Skip("This user may not mount a small disk.");
        try
        {
            using var spool = Spool.Create(folder.Path, ["email"]);
            for (int i = 0; i < 10_000; i++) spool.Add([Address(i)], "");
            spool.Complete();
            using var reader = new SpoolReader(spool);

            var error = await Task.Run(() => Assert.Throws<SegmentPushException>(() =>
            {
                while (reader.Read(TestContext.Current.CancellationToken))
                {
                }
            }));

            Assert.Equal("SpoolNotWritable", error.ErrorId);
            Assert.False(reader.IsComplete);
        }
        finally
        {
            Run("umount", "-l", folder.Path);
        }
    }

    [Fact]
    public async Task A_half_written_journal_says_so_and_nothing_is_sent()
    {
        await using var it = await PushFixture.StartAsync();
        await it.PushAsync(PersonCreation.MatchExisting, Enumerable.Range(0, 2_000).Select(i => new[] { Address(i) }));
        string path = Path.Combine(it.Folder, "journal.db");
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(file.Length / 2);
        it.Marketo.ForgetCalls();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]));

        Assert.Equal(("JournalDamaged", (object)path), (error.ErrorId, error.Target!));
        Assert.DoesNotContain(it.Marketo.Calls, call => call.Method == "POST");
    }

    [Fact]
    public async Task What_a_power_cut_left_of_the_last_write_is_put_right()
    {
        await using var it = await PushFixture.StartAsync();
        string copy = Path.Combine(it.Folder, "copy");
        Directory.CreateDirectory(copy);
        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, Enumerable.Range(0, 900).Select(i => new[] { Address(i) }), happened: e =>
        {
            if (e is not SegmentPush.Pushes.PushStarted) return;
            foreach (string file in Directory.GetFiles(it.Folder, "journal.db*")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        });
        string wal = Path.Combine(copy, "journal.db-wal");
        using (var file = new FileStream(wal, FileMode.Open)) file.SetLength(file.Length - 1_000);

        using var journal = PushJournal.Open(copy);

        Assert.All(journal.History.Get(new PushFilter()), push => Assert.Equal(PushState.Interrupted, push.State));
    }

    [Fact]
    public async Task A_locked_journal_is_waited_for_and_then_a_clear_error()
    {
        await using var it = await PushFixture.StartAsync();
        using (PushJournal.Open(it.Journal))
        {
        }

        var error = Assert.Throws<SegmentPushException>(() => JournalFile.MapErrors("journal.db", () => Locked(it.Folder)));

        Assert.Equal("JournalLocked", error.ErrorId);
    }

    [Fact]
    public async Task The_fault_of_a_journal_that_works_again_at_the_end_is_what_the_user_learns_and_the_push_is_finished()
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = Delivery.Sync;
        using (PushJournal.Open(it.Journal))
        {
        }

        JournalSetup.Execute(it.Folder, "CREATE TRIGGER fault BEFORE UPDATE ON person WHEN NEW.outcome = 1 BEGIN SELECT RAISE(ABORT, 'fault'); END");

        var error = await Assert.ThrowsAsync<SegmentPushException>(
            () => it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, Enumerable.Range(0, 2_000).Select(i => new[] { Address(i) })));

        Assert.Equal("JournalFailed", error.ErrorId);
        PushStatus stopped;
        using (var journal = PushJournal.Open(it.Journal)) stopped = Assert.Single(journal.History.Get(new PushFilter()));
        Assert.Equal(PushState.Interrupted, stopped.State);
        JournalSetup.Execute(it.Folder, "DROP TRIGGER fault");
        var resumed = await it.ResumeAsync(stopped.Id);
        Assert.Equal((PushState.Completed, 2_000, 2_000), (resumed.State, it.Marketo.PersonCount, it.Members().Length));
    }

    // Another program holds the file; SQLite is told not to wait, as its usual half minute would.
    private static int Locked(string folder)
    {
        string source = $"Data Source={Path.Combine(folder, "journal.db")};Pooling=False;Default Timeout=1";
        using var other = new Microsoft.Data.Sqlite.SqliteConnection(source);
        other.Open();
        using var held = other.BeginTransaction(deferred: false);
        using var journal = new Microsoft.Data.Sqlite.SqliteConnection(source);
        journal.Open();
        using var command = journal.CreateCommand();
        command.CommandText = "UPDATE push SET calls = 0";
        return command.ExecuteNonQuery();
    }

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com");

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
