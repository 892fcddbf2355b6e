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

    private static readonly PlatformErrorRule s_unclear = new(
        "DestinationRunUnclear", PlatformErrorClass.Refuse, "DestinationRunUnclear",
        "Run it again, which asks for a new run. With SEGMENT_ID in the destination's file name template, a run is known by its audience.", EndsExport: true);

    private readonly string[] _ids = [.. new[] { audience.Id, audience.AudienceId }.OfType<string>().Where(id => id.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>How often it is looked for before the run is taken for one that was not made.</summary>
    public static int Looks => s_looks.Length;

    /// <summary>
    /// The run, also one that is over or has failed. A destination may have several audiences, so that a run counts only where it, or the names of its
    /// files, name this one, or where the destination has no other audience.
    /// </summary>
    /// <param name="start">The moment, by the platform's clock, before which it can't have been made, and the runs that are others'.</param>
    /// <param name="open">Opens the Data Landing Zone.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its id; null where there is none, or none that has ended. One that is under way is found by asking for a run once more.</returns>
    /// <exception cref="PlatformException">
    /// The runs can't be listed, or one has ended and nothing tells whether it is the run (<c>DestinationRunUnclear</c>).
    /// </exception>
    public async Task<string?> FindAsync(ExportStart start, Func<CancellationToken, Task<BlobCalls>> open, CancellationToken cancellation)
    {
        string? unclear = null;
        foreach (var wait in s_looks)
        {
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
            unclear = null;
            var runs = await connection.Runs.GetAsync(dataflowId, start.Since, cancellation).ConfigureAwait(false);
            foreach (var run in runs.Where(run => IsPossible(run, start)).OrderBy(run => run.Created))
            {
                var owner = await OwnerOfAsync(run, open, cancellation).ConfigureAwait(false);
                if (owner == Owner.This) return run.Id;
                if (owner == Owner.Unclear) unclear ??= run.Id;
            }
        }

        if (unclear is null) return null;
        throw new PlatformException(
            s_unclear,
            new PlatformCall(HttpMethod.Get, "/data/foundation/flowservice/runs"),
            $"The dataflow {dataflowId} was asked for a run, and the answer was lost. Its run {unclear} has ended since then, and nothing tells which of its audiences the run is of.");
    }

    private static bool IsPossible(DestinationRun run, ExportStart start) =>
        run.Created >= start.Since && run.Created <= start.Since + s_longestCall && !start.Others.Contains(run.Id);

    private async Task<Owner> OwnerOfAsync(DestinationRun run, Func<CancellationToken, Task<BlobCalls>> open, CancellationToken cancellation)
    {
        if (Names(run.Text, _ids)) return Owner.This;
        if (!run.IsComplete && !run.IsFailed) return Owner.UnderWay;
        var names = await FilesOfAsync(run, open, cancellation).ConfigureAwait(false);
        if (names.Any(name => Names(name, _ids))) return Owner.This;
        var mapped = await connection.Runs.GetAudiencesAsync(dataflowId, cancellation).ConfigureAwait(false);
        if (mapped.Count > 0 && mapped.All(id => _ids.Contains(id, StringComparer.OrdinalIgnoreCase))) return Owner.This;
        string[] others = [.. mapped.Except(_ids, StringComparer.OrdinalIgnoreCase)];
        return Names(run.Text, others) || names.Any(name => Names(name, others)) ? Owner.Another : Owner.Unclear;
    }

    private static async Task<IReadOnlyList<string>> FilesOfAsync(DestinationRun run, Func<CancellationToken, Task<BlobCalls>> open, CancellationToken cancellation)
    {
        if (!run.IsComplete) return [];
        var manifest = await RunManifest.FindAsync(await open(cancellation).ConfigureAwait(false), run.Id, cancellation).ConfigureAwait(false);
        return manifest is null ? [] : await manifest.GetNamesAsync(cancellation).ConfigureAwait(false);
    }

    private static bool Names(string text, IEnumerable<string> ids) => ids.Any(id => text.Contains(id, StringComparison.OrdinalIgnoreCase));

    // Whose audience a run has exported.
    private enum Owner
    {
        This,
        Another,
        UnderWay,
        Unclear,
    }
}
