using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>
/// Days of random files, pushed, stopped at random moments and resumed, against a plain model of what a destination is to do.
/// <c>SEGMENTPUSH_SEEDS</c> says how many of each kind; the default is one.
/// </summary>
public sealed class DestinationDaysTests(ITestOutputHelper output)
{
    private const int Days = 4;

    private static readonly int s_seeds = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_SEEDS") ?? "1", CultureInfo.InvariantCulture);

    private static readonly PersonOutcome[] s_all = Enum.GetValues<PersonOutcome>();

    [Theory]
    [InlineData(PushMode.Mirror, Delivery.Sync)]
    [InlineData(PushMode.Mirror, Delivery.Bulk)]
    [InlineData(PushMode.Delta, Delivery.Sync)]
    [InlineData(PushMode.Delta, Delivery.Bulk)]
    [InlineData(PushMode.Append, Delivery.Sync)]
    [InlineData(PushMode.Append, Delivery.Bulk)]
    public async Task The_list_is_what_the_files_say_and_every_row_has_one_outcome(PushMode mode, Delivery delivery)
    {
        for (int i = 0; i < s_seeds; i++)
        {
            int seed = Random.Shared.Next();
            output.WriteLine($"{mode} {delivery}: seed {seed}");
            await PushDaysAsync(mode, delivery, new Random(seed), othersChangeTheList: false);
        }
    }

    [Theory]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Delta)]
    public async Task The_list_is_what_the_files_say_also_where_others_change_it(PushMode mode)
    {
        for (int i = 0; i < s_seeds; i++)
        {
            int seed = Random.Shared.Next();
            output.WriteLine($"{mode}: seed {seed}");
            await PushDaysAsync(mode, Delivery.Sync, new Random(seed), othersChangeTheList: true);
        }
    }

    private async Task PushDaysAsync(PushMode mode, Delivery delivery, Random random, bool othersChangeTheList)
    {
        // Marketo tells seconds: what was written on one day must not pass for what a call of the next day has written.
        var clock = new DayClock();
        var options = new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(2), TimeProvider = clock };
        await using var fixture = await DestinationFixture.StartAsync(mode, options: options, time: new HurriedTime());
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 100, Delivery = delivery });
        fixture.Push.Delivery = delivery;
        fixture.Push.JournalIdentity = random.Next(3) == 0 ? JournalIdentity.Hash : JournalIdentity.Plain;
        var model = new ListModel(mode);
        for (int day = 0; day < Days; day++)
        {
            clock.Behind = TimeSpan.FromMinutes(Days - 1 - day);
            Row[][] files = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => model.Rows(random, day))];
            string[] paths = [.. files.Select(rows => fixture.File(["email,first,segmentMembership.status", .. rows.Select(row => row.Line)]))];
            var (strangers, takenOff) = othersChangeTheList ? ChangeList(fixture, random, day) : ([], []);
            model.Push(files.SelectMany(rows => rows), takenOff);
            var status = await PushAndResumeAsync(fixture, paths, random, verify: othersChangeTheList ? true : null);
            if (mode != PushMode.Mirror)
            {
                foreach (int id in strangers) fixture.Marketo.RemoveFromList(PushFixture.ListId, id);
            }

            Assert.Equal(PushState.Completed, status.State);
            Assert.Equal(model.List, fixture.Push.Members().Select(address => address.ToUpperInvariant()).ToHashSet());
            foreach (string address in model.List)
            {
                if (model.Names.TryGetValue(address, out string? name))
                    Assert.Equal((address, name), (address, fixture.Marketo.FindPeople("email", address).Single()["firstName"]));
            }

            HasOneOutcomeEach(fixture, status, paths, files);

            // All is remembered as it is: the same files again are no work. People who have left may be on the list by another identity.
            fixture.Marketo.ForgetCalls();
            var again = await fixture.PushFilesAsync(paths, force: true);
            Assert.Equal((PushState.Completed, 0, 0, 0), (again.State, again.Added, again.Removed, again.Updated));
            Assert.DoesNotContain(fixture.Calls().Split(' '), call => call.StartsWith("sync", StringComparison.Ordinal) || call.StartsWith("add", StringComparison.Ordinal)
                || (mode != PushMode.Delta && call.StartsWith("remove", StringComparison.Ordinal)) || call.StartsWith("import", StringComparison.Ordinal));
            HasOneOutcomeEach(fixture, again, paths, files);
        }
    }

    // Some are taken off, and somebody is put on that no file names.
    private static (int[] Strangers, HashSet<string> TakenOff) ChangeList(DestinationFixture fixture, Random random, int day)
    {
        // What is on the list before the first push is taken for what the destination has put there.
        if (day == 0) return ([], []);
        var before = fixture.Push.Members().Select(address => address.ToUpperInvariant()).ToHashSet();
        foreach (int id in fixture.Marketo.GetMembers(PushFixture.ListId).ToArray())
        {
            if (random.Next(40) == 0) fixture.Marketo.RemoveFromList(PushFixture.ListId, id);
        }

        before.ExceptWith(fixture.Push.Members().Select(address => address.ToUpperInvariant()));

        int[] strangers = fixture.Push.Exist($"stranger{day}@example.com");
        foreach (int id in strangers) fixture.Marketo.AddToList(PushFixture.ListId, id);
        return (strangers, before);
    }

    private async Task<PushStatus> PushAndResumeAsync(DestinationFixture fixture, string[] paths, Random random, bool? verify)
    {
        var options = fixture.OptionsFor(force: true, verify: verify);
        using var stop = new Stop(random);
        var status = await fixture.Push.WatchAsync(
            Push.RunAsync(options, [.. paths.Select(path => PushSource.OpenFile(path, new FormOptions { MayBeEmpty = true }))], stop.Token), stop.Count);
        for (int i = 0; status.State == PushState.Interrupted; i++)
        {
            output.WriteLine($"Stopped with {status.Received} received, {status.Added} added, {status.AlreadyMember} already there, {status.Removed} removed.");
            using var again = new Stop(random);
            status = await fixture.Push.WatchAsync(
                Push.ResumeAsync(
                    new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal, Bulk = options.Bulk },
                    status.Id,
                    i < 2 ? again.Token : CancellationToken.None),
                again.Count);
        }

        Assert.Null(fixture.Push.Error);
        return status;
    }

    private static void HasOneOutcomeEach(DestinationFixture fixture, PushStatus status, string[] paths, Row[][] files)
    {
        using var journal = PushJournal.Open(fixture.Push.Journal);
        var people = journal.People.Get(status.Id, s_all).ToArray();
        var rows = people.Where(person => person.Source != "static list").ToArray();
        Assert.Equal(
            paths.SelectMany((path, file) => Enumerable.Range(1, files[file].Length).Select(row => (path, (long)row))),
            rows.Select(person => (person.Source, person.Number)));
        Assert.Equal(files.SelectMany(file => file).Select(row => row.IsRejected), rows.Select(person => person.Outcome == PersonOutcome.Rejected));
        Assert.DoesNotContain(people, person => person.Outcome == PersonOutcome.NotDelivered);
        Assert.Equal(status.Received, people.Length);
        var counts = people.CountBy(person => person.Outcome).ToDictionary();
        Assert.Equal(
            (status.Added, status.AlreadyMember, status.Removed, status.NotMember, status.Duplicate, status.Rejected),
            (Of(PersonOutcome.Added), Of(PersonOutcome.AlreadyMember), Of(PersonOutcome.Removed), Of(PersonOutcome.NotMember), Of(PersonOutcome.Duplicate), Of(PersonOutcome.Rejected)));

        long Of(PersonOutcome outcome) => counts.GetValueOrDefault(outcome);
    }

    private sealed record Row(string Address, string Name, string Status, bool IsRejected, bool IsReadable)
    {
        public string Line => $"{Address},{Name},{Status}{(IsReadable ? "" : ",too many")}";
    }

    /// <summary>Who is on the list, and what is known of them.</summary>
    private sealed class ListModel(PushMode mode)
    {
        public HashSet<string> List { get; private set; } = [];

        public Dictionary<string, string> Names { get; } = [];

        // Most days most people are the same; some names change, and some rows are at fault.
        public Row[] Rows(Random random, int day)
        {
            int first = random.Next(3) == 0 ? random.Next(600) : 0, count = random.Next(20) == 0 ? 0 : random.Next(1, 2_500);
            var rows = new List<Row>(count);
            for (int i = first; i < first + count; i++)
            {
                int kind = random.Next(100);
                if (kind < 4) continue;
                string address = string.Create(CultureInfo.InvariantCulture, $"{(random.Next(4) == 0 ? "PERSON" : "person")}{i}@example.com");
                string name = i % 7 == 0 || kind < 6 ? $"Name{day}" : "Name";
                string status = random.Next(10) == 0 ? "exited" : "realized";
                rows.Add(kind switch
                {
                    < 7 => new(address, new string('x', 300), mode == PushMode.Delta ? "realized" : status, IsRejected: true, IsReadable: true),
                    7 => new("no address", name, "realized", IsRejected: true, IsReadable: true),
                    8 => new(address, name, status, IsRejected: true, IsReadable: false),
                    _ => new(address, name, status, IsRejected: false, IsReadable: true),
                });
                if (kind is > 95 && rows.Count > 3) rows.Add(rows[random.Next(rows.Count)]);
            }

            return [.. rows];
        }

        // A person that others took off stays off where all rows that name the person are at fault.
        public void Push(IEnumerable<Row> rows, HashSet<string> takenOff)
        {
            var readable = rows.Where(row => row.IsReadable).GroupBy(row => row.Address.ToUpperInvariant()).ToArray();
            var named = mode == PushMode.Delta
                ? readable.Select(same => same.LastOrDefault(row => !row.IsRejected)).OfType<Row>().ToArray()
                : [.. readable.Select(same => same.FirstOrDefault(row => !row.IsRejected)).OfType<Row>()];
            if (mode == PushMode.Mirror) List.IntersectWith(readable.Select(same => same.Key));
            List.ExceptWith(readable.Where(same => takenOff.Contains(same.Key) && same.All(row => row.IsRejected)).Select(same => same.Key));
            foreach (var row in named)
            {
                string address = row.Address.ToUpperInvariant();
                if (mode == PushMode.Delta && row.Status == "exited")
                {
                    List.Remove(address);
                    continue;
                }

                List.Add(address);
                Names[address] = row.Name;
            }
        }
    }

    /// <summary>The system's clock, behind until the last day.</summary>
    private sealed class DayClock : TimeProvider
    {
        public TimeSpan Behind { get; set; } = TimeSpan.FromMinutes(Days);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - Behind;
    }

    /// <summary>Stops a push at a random moment, or not at all.</summary>
    private sealed class Stop(Random random) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly TimeSpan _after = TimeSpan.FromMilliseconds(random.Next(0, 8));
        private int _left = random.Next(1, 40);

        public CancellationToken Token => _cancellation.Token;

        public void Count(PushEvent happened)
        {
            if (--_left == 0) _cancellation.CancelAfter(_after);
        }

        public void Dispose() => _cancellation.Dispose();
    }
}
