using Polly;

namespace SegmentPush.Platform;

/// <summary>
/// How calls to Experience Platform are repeated: the classes of <see cref="PlatformErrors"/> made into Polly pipelines. Nothing else repeats a call.
/// </summary>
internal sealed class PlatformPolicies
{
    /// <summary>The gateway ends its calls after 60 seconds.</summary>
    private static readonly TimeSpan s_attemptLimit = TimeSpan.FromSeconds(90);

    private const int RetryLimit = 6, SignInRetryLimit = 3, ReauthenticateLimit = 2;

    private readonly ResiliencePipeline _calls;
    private readonly ResiliencePipeline _signIn;
    private readonly ResiliencePipeline _attempt;

    /// <summary>Builds the pipelines.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="random">Gives numbers from 0 to 1 for the jitter; null for random ones.</param>
    public PlatformPolicies(TimeProvider time, Func<double>? random)
    {
        // The outer strategy gives the inner ones a fresh count: waiting for the pace is not a fault.
        _calls = AddWaits(new ResiliencePipelineBuilder { TimeProvider = time }, RetryLimit, random)
            .AddRetry(CallRetries.Strategy(random, IsOf(PlatformErrorClass.Reauthenticate), ReauthenticateLimit, TimeSpan.FromSeconds(5), _ => TimeSpan.Zero))
            .Build();
        _signIn = AddWaits(new ResiliencePipelineBuilder { TimeProvider = time }, SignInRetryLimit, random).Build();
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(s_attemptLimit).Build();
    }

    /// <summary>Runs a call with all its repeats.</summary>
    public ValueTask<T> CallAsync<T>(CallRun run, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation) =>
        RunAsync(_calls, run, attempt, cancellation);

    /// <summary>Runs the sign-in with its repeats.</summary>
    public ValueTask<T> SignInAsync<T>(CallRun run, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation) =>
        RunAsync(_signIn, run, attempt, cancellation);

    /// <summary>Runs one attempt within the time it may take.</summary>
    public ValueTask<T> AttemptAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation) =>
        _attempt.ExecuteAsync(attempt, cancellation);

    private static async ValueTask<T> RunAsync<T>(
        ResiliencePipeline pipeline, CallRun run, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation)
    {
        try
        {
            return await CallRetries.RunAsync(pipeline, run, attempt, cancellation).ConfigureAwait(false);
        }
        catch (PlatformException failure)
        {
            failure.Attempts = Math.Max(run.Attempt, 1);
            throw;
        }
    }

    private static ResiliencePipelineBuilder AddWaits(ResiliencePipelineBuilder builder, int limit, Func<double>? random) => builder
        .AddRetry(CallRetries.Strategy(
            random, IsOf(PlatformErrorClass.SlowDown), int.MaxValue, TimeSpan.FromSeconds(20), args => AskedFor(args.Outcome.Exception)))
        .AddRetry(CallRetries.Strategy(
            random, IsOf(PlatformErrorClass.Wait), limit, TimeSpan.FromSeconds(30), args => AskedFor(args.Outcome.Exception)));

    // Null leaves the delay to the back-off.
    private static TimeSpan? AskedFor(Exception? failure) => (failure as PlatformException)?.Facts.RetryAfter;

    private static Func<Exception, bool> IsOf(PlatformErrorClass handled) => failure => (failure as PlatformException)?.Class == handled;
}
