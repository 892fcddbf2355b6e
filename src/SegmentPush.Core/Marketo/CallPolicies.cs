using Polly;
using Polly.Retry;

namespace SegmentPush.Marketo;

/// <summary>
/// How calls are repeated: the classes of <see cref="ErrorClasses"/> made into Polly pipelines. Nothing else repeats a call.
/// </summary>
internal sealed class CallPolicies
{
    /// <summary>A token is asked for by every call that needs one, so each asking gives up early.</summary>
    private const int TokenRetryLimit = 2;

    /// <summary>A fresh token that is refused again and again will not be accepted by asking more often.</summary>
    private const int ReauthenticateLimit = 3;

    private readonly ResiliencePipeline _calls;
    private readonly ResiliencePipeline _token;
    private readonly ResiliencePipeline _attempt;

    public CallPolicies(MarketoConnectionOptions options)
    {
        // The outer strategy gives the inner ones a fresh count: waiting for the pace is not a fault.
        var random = options.Host.Randomizer;
        _calls = AddWait(AddSlowDown(Builder(options), random), options.RetryLimit, random)
            .AddRetry(Retry(
                random,
                MarketoErrorClass.Reauthenticate,
                ReauthenticateLimit,
                TimeSpan.FromSeconds(5),
                args => args.AttemptNumber == 0 ? TimeSpan.Zero : null))
            .Build();
        _token = AddWait(AddSlowDown(Builder(options), random), Math.Min(options.RetryLimit, TokenRetryLimit), random).Build();
        _attempt = Builder(options).AddTimeout(options.CallTimeout).Build();
    }

    /// <summary>Runs a call with all its repeats.</summary>
    public ValueTask<T> CallAsync<T>(CallRun run, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation) =>
        RunAsync(_calls, run, attempt, cancellation);

    /// <summary>Runs the fetching of a token with its repeats.</summary>
    public ValueTask<T> TokenAsync<T>(CallRun run, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation) =>
        RunAsync(_token, run, attempt, cancellation);

    /// <summary>Runs one attempt within the time it may take.</summary>
    public ValueTask<T> AttemptAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation) =>
        _attempt.ExecuteAsync(attempt, cancellation);

    private static async ValueTask<T> RunAsync<T>(
        ResiliencePipeline pipeline,
        CallRun run,
        Func<CancellationToken, ValueTask<T>> attempt,
        CancellationToken cancellation)
    {
        try
        {
            return await CallRetries.RunAsync(pipeline, run, attempt, cancellation).ConfigureAwait(false);
        }
        catch (MarketoException failure)
        {
            failure.Attempts = Math.Max(run.Attempt, 1);
            throw;
        }
    }

    private static ResiliencePipelineBuilder Builder(MarketoConnectionOptions options) =>
        new() { TimeProvider = options.TimeProvider };

    private static ResiliencePipelineBuilder AddSlowDown(ResiliencePipelineBuilder builder, Func<double>? random) =>
        builder.AddRetry(Retry(random, MarketoErrorClass.SlowDown, int.MaxValue, TimeSpan.FromSeconds(20), AskedFor));

    private static ResiliencePipelineBuilder AddWait(ResiliencePipelineBuilder builder, int limit, Func<double>? random) =>
        limit == 0 ? builder : builder.AddRetry(Retry(random, MarketoErrorClass.Wait, limit, TimeSpan.FromSeconds(30), AskedFor));

    private static RetryStrategyOptions Retry(
        Func<double>? random,
        MarketoErrorClass handled,
        int limit,
        TimeSpan longestDelay,
        Func<RetryDelayGeneratorArguments<object>, TimeSpan?> delay) =>
        CallRetries.Strategy(random, failure => (failure as MarketoException)?.Class == handled, limit, longestDelay, delay);

    // Null leaves the delay to the back-off.
    private static TimeSpan? AskedFor(RetryDelayGeneratorArguments<object> args) =>
        (args.Outcome.Exception as MarketoException)?.Facts.RetryAfter;
}
