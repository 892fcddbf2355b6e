namespace SegmentPush.Marketo;

/// <summary>The static lists of an instance that have a name.</summary>
/// <param name="Name">The name that was looked for.</param>
/// <param name="Found">The lists, each once.</param>
/// <param name="Nearest">Where there is none: up to three names that are like it, the likest first.</param>
internal sealed record NamedStaticLists(string Name, IReadOnlyList<StaticList> Found, IReadOnlyList<string> Nearest)
{
    /// <summary>The error where there is none.</summary>
    public SegmentPushException NotFound() => new(
        "StaticListNotFound",
        $"This Marketo instance has no static list named '{Name}' that the API-only user may see.",
        Nearest.Count > 0
            ? (MessageText)$"Nearest names: {string.Join(", ", Nearest.Select(near => $"'{near}'"))}. Get-MarketoStaticList shows all lists."
            : "Get-MarketoStaticList shows all lists; a list can also be given by its id.",
        Name);
}
