using Polly;
using Polly.Retry;

namespace SegmentPush.Calls;

/// <summary>How Polly repeats calls: exponential waits with jitter, within the time that a call may take in all.</summary>
internal static class CallRetries
{
    private static readonly TimeSpan s_slowDownLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_totalLimit = TimeSpan.FromMinutes(20);
    private static readonly ResiliencePropertyKey<CallRun> s_run = new("run");

    /// <summary>The strategy that repeats calls after failures of one kind.</summary>
    /// <param name="random">Gives numbers from 0 to 1 for the jitter; null for random ones.</param>
    /// <param name="handles">Whether a failure is of this kind.</param>
    /// <param name="limit">How often a call is repeated.</param>
    /// <param name="longestDelay">The longest wait between two attempts.</param>
    /// <param name="delay">The wait that a failure asks for; null leaves it to the back-off.</param>
    public static RetryStrategyOptions Strategy(
        Func<double>? random,
        Func<Exception, bool> handles,
        int limit,
        TimeSpan longestDelay,
        Func<RetryDelayGeneratorArguments<object>, TimeSpan?> delay)
    {
        var options = new RetryStrategyOptions
        {
            MaxRetryAttempts = limit,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(1),
            MaxDelay = longestDelay,
            DelayGenerator = args => ValueTask.FromResult(delay(args)),
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is { } failure && handles(failure) && HasTime(args.Context)),
        };
        if (random is not null) options.Randomizer = random;
        return options;
    }

    /// <summary>Runs a call with all its repeats.</summary>
    public static async ValueTask<T> RunAsync<T>(
        ResiliencePipeline pipeline,
        CallRun run,
        Func<CancellationToken, ValueTask<T>> attempt,
        CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(s_run, run);
        try
        {
            return await pipeline
                .ExecuteAsync(static (context, attempt) => attempt(context.CancellationToken), context, attempt)
                .ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool HasTime(ResilienceContext context) =>
        context.Properties.TryGetValue(s_run, out var run)
        && run.Elapsed < s_totalLimit
        && run.SlowedFor < s_slowDownLimit;
}
