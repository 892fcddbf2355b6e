using System.Globalization;
using System.Text.RegularExpressions;

namespace SegmentPush.Marketo;

/// <summary>How a user names a static list: by id, <c>ST1021</c>, <c>ST1021A1</c>, its address in Marketo's UI, or its name.</summary>
/// <param name="Id">REST id; null where it is named by name.</param>
/// <param name="Name">Name; null where it is named by id.</param>
internal sealed partial record StaticListReference(long? Id, string? Name)
{
    /// <summary>Reads a reference.</summary>
    /// <exception cref="SegmentPushException">It is empty, or an address without a list's id (<c>InvalidStaticList</c>).</exception>
    public static StaticListReference Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            throw new SegmentPushException(
                "InvalidStaticList", "The static list is empty.", "Give its id, such as 1021 or ST1021A1, its address, or its name.");
        }

        var match = IdForm().Match(trimmed);
        if (match.Success && long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0)
            return new StaticListReference(id, null);

        if (trimmed.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            throw new SegmentPushException(
                "InvalidStaticList",
                "The address is not that of a static list: it does not end in #ST and a number.",
                "Open the list in Marketo and copy its address, or give its id.",
                trimmed);
        }

        return new StaticListReference(null, trimmed);
    }

    /// <summary>A list as a push remembers it.</summary>
    /// <param name="id">REST id; 0 where it was not found yet.</param>
    /// <param name="name">Name, or the name that it was given by.</param>
    public static StaticListReference Of(long id, string name) => id == 0 ? new StaticListReference(null, name) : new StaticListReference(id, null);

    /// <summary>Finds the list in an instance.</summary>
    /// <exception cref="SegmentPushException"><c>StaticListNotFound</c>, <c>StaticListAmbiguous</c>.</exception>
    public async Task<StaticList> ResolveAsync(StaticLists lists, CancellationToken cancellation)
    {
        if (Id is { } id)
        {
            return await lists.FindAsync(id, cancellation).ConfigureAwait(false) ?? throw new SegmentPushException(
                "StaticListNotFound",
                $"This Marketo instance has no static list {id.ToString(CultureInfo.InvariantCulture)} that the API-only user may see.",
                "Check the number after #ST in the list's address, and the user's workspaces. Get-MarketoStaticList shows the lists.",
                id);
        }

        var named = await lists.FindByNameAsync(Name!, cancellation).ConfigureAwait(false);
        return named.Count switch
        {
            1 => named[0],
            0 => throw new SegmentPushException(
                "StaticListNotFound",
                $"This Marketo instance has no static list named '{Name}' that the API-only user may see.",
                "Get-MarketoStaticList shows the lists; a list can also be given by its id.",
                Name),
            _ => throw new SegmentPushException(
                "StaticListAmbiguous",
                $"{named.Count} static lists are named '{Name}': {string.Join(", ", named.Select(Describe))}.",
                "Give the id of the one you mean.",
                Name),
        };
    }

    private static string Describe(StaticList list)
    {
        var place = list.ProgramName ?? list.WorkspaceName;
        return list.Id.ToString(CultureInfo.InvariantCulture) + (string.IsNullOrEmpty(place) ? string.Empty : $" ({place})");
    }

    [GeneratedRegex(@"\A(?:(?:https?://[^\s#]+)?#?ST)?(?<id>[0-9]{1,18})(?:[A-Z][0-9]+)?/?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex IdForm();
}
