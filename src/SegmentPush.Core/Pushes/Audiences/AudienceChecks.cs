using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Platform;

namespace SegmentPush.Pushes.Audiences;

/// <summary>Checks whether the audience of a destination can be exported. Nobody is exported for it.</summary>
/// <param name="connection">The platform.</param>
/// <param name="destination">The destination.</param>
internal sealed class AudienceChecks(PlatformConnection connection, SegmentDestination destination)
{
    /// <summary>Finds the audience.</summary>
    /// <returns>The audience, and what is told of it.</returns>
    /// <exception cref="SegmentPushException">As <see cref="AudienceReference.ResolveAsync"/>.</exception>
    public async Task<(PlatformAudience Audience, CheckResult Result)> FindAsync(CancellationToken cancellation)
    {
        var found = await AudienceReference.ResolveAsync(connection.Audiences, destination.AudienceId ?? destination.Audience!, cancellation).ConfigureAwait(false);
        var audience = await connection.Counts.FillAsync(found, cancellation).ConfigureAwait(false);
        var size = audience.Size is { } profiles ? Counted.Profiles(profiles) : "an unknown number of profiles";
        var what = audience.LastEvaluated is { } moment
            ? (MessageText)$"The audience '{VisibleText.Of(audience.Name)}' ({audience.Id}) had {size} at its evaluation of {moment.LocalDateTime:yyyy-MM-dd HH:mm}."
            : $"The audience '{VisibleText.Of(audience.Name)}' ({audience.Id}) had {size} at its last evaluation.";
        if (audience.Size == 0) return (audience, Result("Audience", CheckOutcome.Warning, what, "Look at its rule in Experience Platform, or wait for its next evaluation."));
        return audience.Name == destination.Audience
            ? (audience, Result("Audience", CheckOutcome.Passed, what))
            : (audience, Result("Audience", CheckOutcome.Warning, $"{what} Its name was '{VisibleText.Of(destination.Audience ?? string.Empty)}'; it is found by its id.", null));
    }

    /// <summary>Checks the data usage policies.</summary>
    /// <exception cref="SegmentPushException">One forbids emails to people of the audience (<c>PolicyViolated</c>), or they can't be asked.</exception>
    public async Task<CheckResult> CheckPoliciesAsync(PlatformAudience audience, CancellationToken cancellation)
    {
        if (destination.Through is not null)
            return Result("Policy", CheckOutcome.Skipped, "The audience is exported through a destination of Experience Platform, and Adobe's own checks apply to it.");
        if (destination.SkipPolicyCheck)
            return Result("Policy", CheckOutcome.Skipped, "The destination skips the check of labels against data usage policies.", "Set-SegmentDestination -SkipPolicyCheck:$false turns it on.");
        using var export = new AudienceExport(connection, OptionsFor(audience));
        await export.CheckPoliciesAsync(await connection.Datasets.FindAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        return Result("Policy", CheckOutcome.Passed, "No data usage policy forbids emails to people of the audience.");
    }

    /// <summary>Checks that the export jobs, or the Data Landing Zone, can be seen. Whether a job may be made shows only when one is.</summary>
    /// <exception cref="PlatformException">They can't.</exception>
    public async Task<CheckResult> CheckExportAsync(CancellationToken cancellation)
    {
        if (destination.Through is not null)
        {
            using var zone = await connection.LandingZone.OpenAsync(null, cancellation).ConfigureAwait(false);
            var files = await LandingZone.ListAsync(zone, cancellation).ConfigureAwait(false);
            return Result("Export", CheckOutcome.Passed, $"The Data Landing Zone can be read; it holds {Counted.Files(files.Count)}.");
        }

        await foreach (var _ in connection.Jobs.GetAsync(cancellation).ConfigureAwait(false)) break;
        return Result("Export", CheckOutcome.Passed, "The export jobs of the sandbox can be seen.");
    }

    private AudienceExportOptions OptionsFor(PlatformAudience audience) =>
        new(audience, AudienceRequest.Of(connection, audience, destination.Mapping, isThrough: false, destination.IgnoreConsent).Fields);

    private CheckResult Result(string check, CheckOutcome outcome, MessageText detail, MessageText? action = null) =>
        new() { Target = destination.Name, Check = check, Outcome = outcome, Detail = detail.ToString(), Action = action?.ToString() };
}
