namespace SegmentPush.Platform;

/// <summary>The name or the id of an audience, as a user gives it.</summary>
internal static class AudienceReference
{
    /// <summary>The audience of people that a name or an id means.</summary>
    /// <param name="audiences">The audiences of the sandbox.</param>
    /// <param name="text">The name, compared without case, or the id.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">
    /// There is none (<c>AudienceNotFound</c>), several have the name (<c>AudienceAmbiguous</c>), or it is a draft, inactive, or of accounts
    /// (<c>AudienceNotUsable</c>).
    /// </exception>
    public static async Task<PlatformAudience> ResolveAsync(PlatformAudiences audiences, string text, CancellationToken cancellation)
    {
        string wanted = text.Trim();
        if (wanted.Length == 0) throw NotFound(text);
        if (Guid.TryParse(wanted, out _) && await audiences.FindByIdAsync(wanted, cancellation).ConfigureAwait(false) is { } byId) return Usable(byId, [byId]);
        var named = await audiences.FindByNameAsync(wanted, cancellation).ConfigureAwait(false);
        if (named.Count == 0)
        {
            var other = await audiences.FindByIdAsync(wanted, cancellation).ConfigureAwait(false);
            return Usable(other ?? throw NotFound(text), [other]);
        }

        if (named.Count == 1) return Usable(named[0], named);
        throw new SegmentPushException(
            "AudienceAmbiguous",
            $"{named.Count} audiences are named '{VisibleText.Of(wanted)}': {List(named)}.",
            "Give the id of one of them, or rename them in Experience Platform.",
            text);
    }

    private static PlatformAudience Usable(PlatformAudience audience, IReadOnlyList<PlatformAudience> found) => audience.WhyNotUsable is not { } why
        ? audience
        : throw new SegmentPushException(
            "AudienceNotUsable",
            $"The audience '{VisibleText.Of(audience.Name)}' can't be used, because it is {why}: {List(found)}.",
            "Publish it in Experience Platform, or choose an audience of people that is published; Get-PlatformAudience lists them.",
            audience.Name);

    private static SegmentPushException NotFound(string text) => new(
        "AudienceNotFound",
        $"This sandbox has no audience with the name or id '{VisibleText.Of(text)}' that the API credential may see.",
        "Get-PlatformAudience lists the audiences.",
        text);

    private static string List(IEnumerable<PlatformAudience> audiences) =>
        string.Join("; ", audiences.Select(audience => $"{audience.Id} ({audience.WhyNotUsable?.ToString() ?? audience.State ?? MessageText.Say("published")}, {audience.Origin ?? MessageText.Say("unknown origin")})"));
}
