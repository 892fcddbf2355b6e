namespace SegmentPush.Platform;

/// <summary>The fields of profiles that an export job is asked for.</summary>
internal static class AudienceFields
{
    private static readonly string[] s_maps = [Identities, Membership];

    private static readonly string[] s_consents = [EmailConsent, AnyConsent, ConsentsOfAddresses];

    private const string Identities = "identityMap";

    // Consents of single addresses: a part of the consents that few organizations use.
    private const string EmailConsent = "consents.marketing.email.val", AnyConsent = "consents.marketing.any.val", ConsentsOfAddresses = "consents.idSpecific";

    // Says who has left.
    private const string Membership = "segmentMembership";

    /// <summary>The fields for paths, each once, in ordinal order.</summary>
    /// <param name="paths">Paths into a profile, such as <c>person.name.firstName</c> or <c>identityMap.Email</c>.</param>
    /// <param name="isForPush">Whether identities and consent are needed, too; the membership always is.</param>
    /// <param name="ignoresConsent">Whether consent is not asked, so that a union schema need not have it.</param>
    /// <exception cref="SegmentPushException">A text can't be a path (<c>FieldPathInvalid</c>).</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> paths, bool isForPush, bool ignoresConsent = false)
    {
        string[] forPush = !isForPush ? [] : ignoresConsent ? [Identities] : [Identities, .. s_consents];
        var fields = paths.Select(FieldOf).Concat(forPush).Append(Membership).ToHashSet(StringComparer.Ordinal);

        // A field below another one comes with it.
        return [.. fields.Where(field => !fields.Any(other => field.StartsWith(other + ".", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// The same fields without some consents, for union schemas that lack them. What is left out is as little as possible: first the consents of single
    /// addresses, then one of the two others, and at last all, for an organization that keeps no consent in profiles.
    /// </summary>
    /// <param name="fields">The fields.</param>
    /// <returns>The ways to ask for less, in the order in which they are tried; none where there is nothing to leave out.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Fewer(IReadOnlyList<string> fields)
    {
        string[][] ways = [[ConsentsOfAddresses], [ConsentsOfAddresses, AnyConsent], [ConsentsOfAddresses, EmailConsent], [ConsentsOfAddresses, EmailConsent, AnyConsent]];
        var found = new List<IReadOnlyList<string>>();
        foreach (string[] way in ways)
        {
            string[] fewer = [.. fields.Except(way)];
            if (fewer.Length < fields.Count && !found.Any(other => other.SequenceEqual(fewer))) found.Add(fewer);
        }

        return found;
    }

    /// <summary>Whether a field is one of those that consent is read from.</summary>
    public static bool IsConsent(string field) => s_consents.Contains(field, StringComparer.Ordinal);

    /// <summary>Whether a path leads into a map, whose keys differ from profile to profile.</summary>
    public static bool IsInMap(string path) => MapOf(path) is not null;

    /// <summary>The map that a path leads into; null where it leads into none.</summary>
    public static string? MapOf(string path) => FieldOf(path) is var field && s_maps.Contains(field) ? field : null;

    private static string FieldOf(string path)
    {
        string text = path.Trim();
        int list = text.IndexOf('[', StringComparison.Ordinal);
        if (list >= 0) text = text[..list];

        // Exported files write dots as underscores; names of a tenant begin with one and may hold more.
        if (!text.Contains('.', StringComparison.Ordinal) && text.Contains('_', StringComparison.Ordinal))
            text = text.StartsWith('_') ? throw Invalid(path, "it may be written in several ways") : text.Replace('_', '.');
        if (text.Length == 0 || text.Any(c => char.IsWhiteSpace(c) || c is ',' or '/' or '"') || text.Split('.').Any(name => name.Length == 0))
            throw Invalid(path, "it has a form that no path has");
        return s_maps.FirstOrDefault(map => text.Equals(map, StringComparison.OrdinalIgnoreCase) || text.StartsWith(map + ".", StringComparison.OrdinalIgnoreCase)) ?? text;
    }

    private static SegmentPushException Invalid(string path, MessageText why) => new(
        "FieldPathInvalid",
        $"'{VisibleText.Of(path)}' is no path of a profile: {why}.",
        "Write the path as the union schema has it, with dots, such as person.name.firstName or _tenant.loyalty.level.",
        path);
}
