using System.Collections.Concurrent;
using System.Diagnostics;

namespace SegmentPush.Completion;

/// <summary>
/// Answers for the Tab key that may take longer than a person waits. One that is not there in time is offered by the next Tab; one that is
/// there stays for some minutes, and a failure for some seconds.
/// </summary>
internal sealed class SlowAnswers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200), s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_keep = TimeSpan.FromMinutes(5), s_keepFailure = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Asked> _asked = new(StringComparer.Ordinal);

    /// <summary>The answer to a question; empty where there is none yet.</summary>
    /// <param name="question">Tells the questions apart.</param>
    /// <param name="ask">Finds the answer.</param>
    public IReadOnlyList<T> Get<T>(string question, Func<CancellationToken, Task<IReadOnlyList<T>>> ask)
    {
        if (!_asked.TryGetValue(question, out var asked) || asked.IsOld) _asked[question] = asked = Begin(ask);
        try
        {
            return asked.Answer.Wait(s_patience) ? ((Task<IReadOnlyList<T>>)asked.Answer).Result : [];
        }
        catch (AggregateException)
        {
            return [];
        }
    }

    private static Asked Begin<T>(Func<CancellationToken, Task<IReadOnlyList<T>>> ask) => new(
        Task.Run(async () =>
        {
            using var limit = new CancellationTokenSource(s_limit);
            return await ask(limit.Token).ConfigureAwait(false);
        }),
        Stopwatch.GetTimestamp());

    private sealed record Asked(Task Answer, long Since)
    {
        public bool IsOld => Answer.IsCompleted && Stopwatch.GetElapsedTime(Since) > (Answer.IsCompletedSuccessfully ? s_keep : s_keepFailure);
    }
}
