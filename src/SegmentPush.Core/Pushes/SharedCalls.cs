using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// The calls of a push, entered into the ledger that it shares with all others beside the same journal, and what other
/// integrations have used of Marketo's daily quota.
/// </summary>
internal sealed class SharedCalls : IAsyncDisposable
{
    /// <summary>How often a long push asks again what others have used.</summary>
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMinutes(15);

    private readonly IJournalLedger _ledger;
    private readonly IDisposable _sharing;
    private readonly CancellationTokenSource _end;
    private readonly PeriodicTimer _timer;
    private Task _asking = Task.CompletedTask;

    private SharedCalls(IJournalLedger ledger, IDisposable sharing, TimeProvider time, CancellationTokenSource end)
    {
        _timer = new PeriodicTimer(s_askAgain, time);
        _ledger = ledger;
        _sharing = sharing;
        _end = end;
    }

    /// <summary>Opens the ledger and learns how many calls have been made today.</summary>
    /// <param name="options">What the push is to do.</param>
    /// <param name="open">Opens the ledger of an instance.</param>
    /// <param name="warn">Is told where Marketo does not tell the use.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<SharedCalls> OpenAsync(PushOptions options, Func<string, IJournalLedger> open, Action<MessageText> warn, CancellationToken cancellation)
    {
        var ledger = new LastingLedger(open(options.Connection.Instance));
        IDisposable sharing;
        try
        {
            sharing = options.Connection.Share(ledger, options.DailyCallReserve);
        }
        catch
        {
            ledger.Dispose();
            throw;
        }

        var shared = new SharedCalls(ledger, sharing, options.Connection.Time, CancellationTokenSource.CreateLinkedTokenSource(cancellation));
        try
        {
            await shared.LearnAsync(options.Connection, cancellation).ConfigureAwait(false);
        }
        catch (MarketoException e) when (!e.Retryable)
        {
            warn($"How much of today's quota others have used is not known, as Marketo does not tell: {e.Text}");
        }
        catch (Exception e) when (e is OperationCanceledException or MarketoException)
        {
            // The next call meets the same, and says so.
        }
        catch
        {
            await shared.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        shared._asking = shared.AskAgainAsync(options.Connection);
        return shared;
    }

    public async ValueTask DisposeAsync()
    {
        // Who only waits is told by the timer: an exception costs more than all calls of a small push.
        _timer.Dispose();
        await _end.CancelAsync().ConfigureAwait(false);
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sharing.Dispose();
        _ledger.Dispose();
        _end.Dispose();
    }

    private async Task LearnAsync(MarketoConnection connection, CancellationToken cancellation)
    {
        var day = DailyQuota.DayOf(connection.Time.GetUtcNow());
        _ledger.Learn(day, await connection.Facts.GetCallsOfTodayAsync(cancellation).ConfigureAwait(false));
    }

    private async Task AskAgainAsync(MarketoConnection connection)
    {
        while (await _timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                await LearnAsync(connection, _end.Token).ConfigureAwait(false);
            }
            catch (SegmentPushException)
            {
                // It is asked again at the next tick.
            }
        }
    }
}
