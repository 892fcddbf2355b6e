namespace SegmentPush.Platform;

/// <summary>
/// Says why an export job may have failed. Adobe answers with a failed job, and no reason, where the union schema lacks a field; a field that an earlier
/// job has exported is one that it has.
/// </summary>
internal static class ExportFailure
{
    /// <summary>The error about a job that has failed.</summary>
    /// <param name="job">The job.</param>
    /// <param name="audience">Name of the audience.</param>
    /// <param name="doubtful">Fields of the job that no earlier one has exported.</param>
    public static PlatformException Of(ExportJob job, string audience, IReadOnlyList<string> doubtful)
    {
        string why = job.Error is { } said ? ": " + said.TrimEnd('.') : string.Empty;
        MessageText ended = $"The export job {job.Id} of the audience '{VisibleText.Of(audience)}' ended as {job.Status}{why}.";
        var call = new PlatformCall(HttpMethod.Get, "/data/core/ups/export/jobs");
        var rule = PlatformErrors.Of("ExportFailed");
        bool isByAdobe = job.Status.Equals("FAILED", StringComparison.OrdinalIgnoreCase);
        return doubtful.Count == 0 || !isByAdobe
            ? new PlatformException(rule, call, ended)
            : new PlatformException(
                rule with { Action = doubtful.All(AudienceFields.IsConsent) ? ForConsents : ForFields },
                call,
                $"{ended} No export of this sandbox has brought these fields yet, so the union schema may lack one of them: {string.Join(", ", doubtful)}.");
    }

    private static MessageText ForFields =>
        "Compare these fields with the union schema (Profiles > Union schema). Where it has all of them, run it again, so that Adobe starts another export job; "
        + "Adobe support knows the reason by the job's id.";

    private static MessageText ForConsents =>
        "Where the union schema (Profiles > Union schema) has none of them, -IgnoreConsent exports the audience without consent. Where it has all of them, "
        + "run it again, so that Adobe starts another export job; Adobe support knows the reason by the job's id.";
}
