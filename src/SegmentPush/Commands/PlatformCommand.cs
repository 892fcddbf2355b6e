using System.Collections.Concurrent;
using SegmentPush.Platform;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>What the cmdlets that talk to Experience Platform have in common: a connection.</summary>
public abstract class PlatformCommand : ModuleCommand
{
    private static readonly TimeSpan s_meanwhile = TimeSpan.FromMilliseconds(250);

    /// <summary>The connection to use: the one given, or the session's default.</summary>
    /// <exception cref="SegmentPushException">There is none, or it was disconnected (<c>PlatformNotConnected</c>).</exception>
    private protected static PlatformConnection ConnectionOr(PlatformConnection? given)
    {
        var connection = given ?? SessionConnection.Platform ?? throw new SegmentPushException(
            "PlatformNotConnected",
            "There is no connection to Experience Platform in this session.",
            "Run Connect-ExperiencePlatform first, or give a connection with -Connection.");
        connection.ThrowIfClosed();
        return connection;
    }

    /// <summary>Gives the ids of -Id that hold something. Each other one is an error of its own.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="thing">What they name.</param>
    /// <param name="where">The sentence that says where ids are shown.</param>
    /// <exception cref="SegmentPushException">There is none at all (<c>IdMissing</c>).</exception>
    private protected List<string> CheckedPlatformIds(string[]? ids, MessageText thing, MessageText where)
    {
        if (ids is not { Length: > 0 }) throw IdMissing(thing, where);
        var named = new List<string>();
        foreach (string id in ids)
        {
            RunEach("Id", () => named.Add(string.IsNullOrWhiteSpace(id) ? throw IdMissing(thing, where) : id));
        }

        return named;
    }

    /// <summary>Waits for a call and writes its attempts as verbose text.</summary>
    /// <param name="connection">The connection whose calls are shown.</param>
    /// <param name="call">The call.</param>
    /// <param name="meanwhile">What is done again and again while it runs; null for nothing.</param>
    private protected T Await<T>(PlatformConnection connection, Func<CancellationToken, Task<T>> call, Action? meanwhile = null)
    {
        var calls = new ConcurrentQueue<CallReport>();
        connection.CallFinished += calls.Enqueue;
        try
        {
            var work = call(StopToken);
            while (meanwhile is not null && Task.WhenAny(work, Task.Delay(s_meanwhile)).GetAwaiter().GetResult() != work)
            {
                WriteCalls(calls);
                meanwhile();
            }

            return work.GetAwaiter().GetResult();
        }
        finally
        {
            connection.CallFinished -= calls.Enqueue;
            WriteCalls(calls);
        }
    }

    private void WriteCalls(ConcurrentQueue<CallReport> calls)
    {
        while (calls.TryDequeue(out var report)) WriteVerbose(CallText.Of(report));
    }

    /// <summary>Walks items as they come from Experience Platform.</summary>
    private protected IEnumerable<T> Stream<T>(PlatformConnection connection, IAsyncEnumerable<T> items) =>
        PulledItems.Of(items, next => Await(connection, _ => next), StopToken);
}
