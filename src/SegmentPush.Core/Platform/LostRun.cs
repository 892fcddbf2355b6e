namespace SegmentPush.Platform;

/// <summary>Looks for the run of a destination that was asked for, where the answer was lost: no second one is to be made.</summary>
/// <param name="connection">The platform.</param>
/// <param name="dataflowId">Id of the destination's dataflow.</param>
/// <param name="audience">The audience of the run.</param>
internal sealed class LostRun(PlatformConnection connection, string dataflowId, PlatformAudience audience)
{
    // A run that was made later than this is one of the destination's schedule, which may hold changes only.
    private static readonly TimeSpan s_longestCall = TimeSpan.FromMinutes(30);

    // A run is listed a moment after it was made.
    private static readonly TimeSpan[] s_looks = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)];

    private readonly string[] _ids = [.. new[] { audience.Id, audience.AudienceId }.OfType<string>().Where(id => id.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>How often it is looked for before the run is taken for one that was not made.</summary>
    public static int Looks => s_looks.Length;

    /// <summary>
    /// The run, also one that is over or has failed. A destination may have several audiences, so that a run counts only where it, or the names of its
    /// files, name this one.
    /// </summary>
    /// <param name="start">The moment, by the platform's clock, before which it can't have been made, and the runs that are others'.</param>
    /// <param name="open">Opens the Data Landing Zone.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its id; null where there is none, or none that has ended. One that is under way is found by asking for a run once more.</returns>
    /// <exception cref="PlatformException">The runs can't be listed.</exception>
    public async Task<string?> FindAsync(ExportStart start, Func<CancellationToken, Task<BlobCalls>> open, CancellationToken cancellation)
    {
        foreach (var wait in s_looks)
        {
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
            var runs = await connection.Runs.GetAsync(dataflowId, start.Since, cancellation).ConfigureAwait(false);
            foreach (var run in runs.Where(run => IsPossible(run, start)).OrderBy(run => run.Created))
            {
                if (await IsOursAsync(run, open, cancellation).ConfigureAwait(false)) return run.Id;
            }
        }

        return null;
    }

    private static bool IsPossible(DestinationRun run, ExportStart start) =>
        run.Created >= start.Since && run.Created <= start.Since + s_longestCall && !start.Others.Contains(run.Id);

    private async Task<bool> IsOursAsync(DestinationRun run, Func<CancellationToken, Task<BlobCalls>> open, CancellationToken cancellation)
    {
        if (_ids.Any(id => run.Text.Contains(id, StringComparison.OrdinalIgnoreCase))) return true;
        if (!run.IsComplete) return false;
        var manifest = await RunManifest.FindAsync(await open(cancellation).ConfigureAwait(false), run.Id, cancellation).ConfigureAwait(false);
        return manifest is not null && await manifest.HasFileNamedAfterAsync(_ids, cancellation).ConfigureAwait(false);
    }
}
