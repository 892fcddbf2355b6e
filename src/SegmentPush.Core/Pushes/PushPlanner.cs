using System.Text;
using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Finds out what a push would do: reads and maps every row, and asks Marketo who exists.</summary>
internal static class PushPlanner
{
    /// <summary>Makes a plan. Nothing is changed, in Marketo or in the journal.</summary>
    /// <exception cref="SegmentPushException">The push would end with the same error.</exception>
    public static async Task<PushPlan> PlanAsync(PushOptions options, IReadOnlyList<PushSource> sources, CancellationToken cancellation)
    {
        try
        {
            SegmentIntake.CheckColumns(sources, options.Mapping);
            using var calls = await SharedCalls.OpenAsync(options, null, _ => { }, cancellation).ConfigureAwait(false);
            var target = await PushTarget.ResolveAsync(options, cancellation).ConfigureAwait(false);
            var intake = new SegmentIntake(sources, target.Mapping, identitiesAreLookedUp: true);
            return await CountAsync(options, target, sources, intake, cancellation).ConfigureAwait(false);
        }
        finally
        {
            foreach (var source in sources) source.Dispose();
        }
    }

    private static async Task<PushPlan> CountAsync(
        PushOptions options, PushTarget target, IReadOnlyList<PushSource> sources, SegmentIntake intake, CancellationToken cancellation)
    {
        var connection = options.Connection;
        long received = 0, people = 0, rejected = 0, duplicates = 0, matched = 0, several = 0, lookups = 0, bytes = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<IReadOnlyList<Person>>(2 * connection.MaxConcurrency);
        var reading = Task.Run(
            async () =>
            {
                Exception? fault = null;
                try
                {
                    foreach (var batch in intake.Read(stop.Token))
                    {
                        received += batch.Received;
                        people += batch.People.Count;
                        bytes += batch.People.Sum(BytesOf);
                        rejected += batch.Settled.Count(entry => entry.Outcome == PersonOutcome.Rejected);
                        duplicates += batch.Settled.Count(entry => entry.Outcome == PersonOutcome.Duplicate);
                        if (batch.People.Count > 0) await channel.Writer.WriteAsync(batch.People, stop.Token).ConfigureAwait(false);
                    }
                }
                catch (Exception e)
                {
                    fault = e;
                    throw;
                }
                finally
                {
                    channel.Writer.Complete(fault);
                }
            },
            CancellationToken.None);

        long started = connection.Time.GetTimestamp();
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = connection.MaxConcurrency, CancellationToken = cancellation };
            await Parallel.ForEachAsync(channel.Reader.ReadAllAsync(cancellation), parallel, async (batch, _) =>
            {
                var matches = await PersonMatches.FindAsync(connection, target, [.. batch.Select(p => p.Identity)], cancellation)
                    .ConfigureAwait(false);
                Interlocked.Increment(ref lookups);
                foreach (var person in batch)
                {
                    if (matches.Of(person.Identity) is not { } match) continue;
                    Interlocked.Increment(ref matched);
                    if (match.IsOneOfSeveral) Interlocked.Increment(ref several);
                }
            }).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }

        var took = connection.Time.GetElapsedTime(started);
        long unmatched = people - matched;
        long members = target.Creates ? people : matched;

        var choice = DeliveryChoice.For(options, target, people);

        // Finding, then adding; the ambiguous are looked up, and updated by id; three or four calls find today's use, list, fields, partition.
        long ambiguous = Calls(several) + (target.WritesExisting ? Calls(several) : 0);
        long calls = (target.Partition is null ? 3 : 4) + (choice.Delivery == Delivery.Sync
            ? Calls(people) + Calls(members) + (target.OnlyMatches ? 0 : ambiguous)
            : target.ImportsByIdentity
                ? Imports(options, bytes) + ambiguous + Calls(several)
                : Calls(people) + Imports(options, bytes));
        return new PushPlan
        {
            Instance = connection.Instance,
            StaticListId = target.StaticList.Id,
            StaticListName = target.StaticList.Name,
            Source = [.. sources.Select(source => source.Name)],
            PersonCreation = options.PersonCreation,
            ExistingPeople = options.ExistingPeople,
            Delivery = choice.Delivery,
            DeliveryReason = choice.Reason,
            Partition = target.Partition?.Name,
            Received = received,
            WouldMatch = matched,
            WouldCreate = target.Creates ? unmatched : 0,
            WouldUpdate = target.WritesExisting ? matched : 0,
            WouldAdd = members,
            WouldReject = rejected,
            Unmatched = target.Creates ? 0 : unmatched,
            Duplicate = duplicates,
            MultipleMatches = several,
            Calls = calls,
            Duration = Estimate(calls, lookups, took, connection),
        };

        static long Calls(long records) => (records + SegmentIntake.BatchSize - 1) / SegmentIntake.BatchSize;
    }

    // Each file is uploaded, asked for a few times, and its failures are fetched.
    private static long Imports(PushOptions options, long bytes) => 4 * ((bytes / options.Bulk.MaxFileBytes) + 1);

    private static long BytesOf(Person person) =>
        person.Identity.Length + 1 + person.Values.Sum(value => 1 + (value is null ? 0 : Encoding.UTF8.GetByteCount(value)));

    private static TimeSpan Estimate(long calls, long measured, TimeSpan took, MarketoConnection connection)
    {
        var byAnswers = measured == 0 ? TimeSpan.Zero : took / measured * calls;
        var byPace = TimeSpan.FromSeconds(20) * (calls / connection.CallsPer20Seconds);
        return byAnswers > byPace ? byAnswers : byPace;
    }
}
