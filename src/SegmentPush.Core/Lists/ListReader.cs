using System.Runtime.CompilerServices;
using SegmentPush.Marketo;

namespace SegmentPush.Lists;

/// <summary>Reads the people on a list: page by page, or by a bulk extract where it is large.</summary>
/// <param name="connection">The instance.</param>
/// <param name="listId">REST id of the list.</param>
/// <param name="identityField">REST API name of the field that finds people.</param>
/// <param name="options">How long to wait between two questions, and from how many people on a list is large.</param>
/// <param name="warn">Is told where an extract is refused.</param>
internal sealed class ListReader(MarketoConnection connection, long listId, string identityField, BulkOptions options, Action<MessageText> warn)
{
    private const string IdField = "id";

    private const int BatchesAhead = 2;

    // Marketo says nowhere how old an extract's data may be. A shorter time takes people for put back by others that the extract still shows; a longer one
    // takes people for taken off that others have put back.
    private static readonly TimeSpan s_longestLag = TimeSpan.FromMinutes(5);

    private DateTimeOffset? _asked;

    /// <summary>The clock that tells how old an extract's data may be. The readers of one push share it, so that a clock that is set meanwhile makes no edit recent again.</summary>
    public SteadyClock Clock { get; init; } = new(connection.Time);

    /// <summary>Whether the list is read by an extract, which may lag behind it; known as soon as the first people come.</summary>
    public bool IsExtract { get; private set; }

    /// <summary>What was done before this moment is shown by the newest extract, or by one that is asked for now.</summary>
    public DateTimeOffset ShowsUntil => (_asked ?? Clock.Now) - s_longestLag;

    /// <summary>Whether the newest extract, or one that is asked for now, may not show yet what was done at a moment, in either direction of a clock that was set.</summary>
    public bool MayLagBehind(DateTimeOffset moment) => ((_asked ?? Clock.Now) - moment).Duration() < s_longestLag;

    /// <summary>How long to wait until a new extract shows what was done at a moment that it may lag behind. Where a clock was set, the moment may be still to come.</summary>
    public TimeSpan TimeBehind(DateTimeOffset moment)
    {
        var left = s_longestLag - (Clock.Now - moment);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Waits until a new extract shows what was done, and says so. A timer may end before its time; the clock decides.</summary>
    /// <param name="wait">How long.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task DelayAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var end = Clock.Now + wait;
        for (; wait > TimeSpan.Zero; wait = end - Clock.Now) await WorkWaits.DelayAsync("Lag of the extract", wait, connection.Time, cancellation).ConfigureAwait(false);
    }

    /// <summary>About how many calls it takes to read a list.</summary>
    public static long Calls(long people, BulkOptions options) =>
        people > options.PagesUpTo ? 8 : Math.Max(1, (people + StaticLists.MaxRecords - 1) / StaticLists.MaxRecords);

    /// <summary>Asks which of some people are on the list now, 300 a call. An extract may show the list as it was before.</summary>
    /// <param name="ids">The people, each once.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<IReadOnlySet<long>> FindOnListAsync(IEnumerable<long> ids, CancellationToken cancellation) => connection.StaticLists.FindMembersAsync(listId, ids, cancellation);

    /// <summary>Reads the people on the list.</summary>
    /// <param name="expected">How many they are, about; 0 where that is not known.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<IReadOnlyList<ListedPerson>> ReadAsync(long expected, [EnumeratorCancellation] CancellationToken cancellation)
    {
        bool isLarge = expected > options.PagesUpTo;
        if (!isLarge)
        {
            // A list that turns out to be large is extracted after all.
            var begun = new List<IReadOnlyList<ListedPerson>>();
            long read = 0;
            await foreach (var page in connection.StaticLists.ReadAsync(listId, identityField, cancellation).ConfigureAwait(false))
            {
                begun.Add(page);
                read += page.Count;
                isLarge = read > 2L * options.PagesUpTo;
                if (isLarge) break;
            }

            if (!isLarge)
            {
                foreach (var page in begun) yield return page;
                yield break;
            }
        }

        if (await TryExtractAsync(cancellation).ConfigureAwait(false) is var (id, status))
        {
            IsExtract = true;
            var people = ReadAhead.Of(stop => connection.Exports.ReadAsync(id, status, stop), BatchesAhead, cancellation);
            await foreach (var batch in people.ConfigureAwait(false)) yield return batch;
            yield break;
        }

        await foreach (var page in connection.StaticLists.ReadAsync(listId, identityField, cancellation).ConfigureAwait(false)) yield return page;
    }

    private async Task<(string Id, ExportStatus Status)?> TryExtractAsync(CancellationToken cancellation)
    {
        try
        {
            _asked = Clock.Now;
            string id = await connection.Exports.CreateAsync(listId, [IdField, identityField], cancellation).ConfigureAwait(false);
            await EnqueueAsync(id, cancellation).ConfigureAwait(false);
            long started = connection.Time.GetTimestamp();
            var wait = options.FirstPoll;
            while (connection.Time.GetElapsedTime(started) < options.LongestQueue)
            {
                WorkWaits.Tell(WorkWait.For("Extract of the list", connection.Time.GetElapsedTime(started), options.LongestQueue));
                await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
                var status = await connection.Exports.GetAsync(id, cancellation).ConfigureAwait(false);
                if (status.State == ExportState.Completed) return (id, status);
                if (status.State is ExportState.Failed or ExportState.Cancelled) break;
                wait = BulkOptions.Next(wait, options.LongestPoll);
            }

            warn("Marketo did not finish the extract of the list; the list is read page by page, which takes more calls.");
        }
        catch (MarketoException e) when (!e.Retryable || e.Class == MarketoErrorClass.QueueFull)
        {
            warn($"The list is read page by page, which takes more calls, as Marketo refuses to extract it: {e.Text}");
        }
        finally
        {
            WorkWaits.End();
        }

        return null;
    }

    // Others may have filled the queue. That the day's bytes are used up has the same code, and can't be waited for.
    private async Task EnqueueAsync(string id, CancellationToken cancellation)
    {
        long started = connection.Time.GetTimestamp();
        for (var wait = options.FirstPoll; ; wait = BulkOptions.Next(wait, options.LongestPoll))
        {
            try
            {
                await connection.Exports.EnqueueAsync(id, cancellation).ConfigureAwait(false);
                return;
            }
            catch (MarketoException e) when (
                e.Class == MarketoErrorClass.QueueFull && !e.Message.Contains("quota", StringComparison.OrdinalIgnoreCase)
                && connection.Time.GetElapsedTime(started) < options.LongestQueue)
            {
            }

            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }
}
