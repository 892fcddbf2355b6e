using System.Globalization;
using System.Text.RegularExpressions;

namespace SegmentPush.Marketo;

/// <summary>How a user names a static list: by id, <c>ST1021</c>, <c>ST1021A1</c>, its address in Marketo's UI, or its name.</summary>
/// <param name="Id">REST id; null where it is named by name.</param>
/// <param name="Name">Name; null where it is named by id.</param>
internal sealed partial record StaticListReference(long? Id, string? Name)
{
    /// <summary>Munchkin id of the instance that the address is of; null where nothing says it.</summary>
    public string? MunchkinId { get; init; }

    /// <summary>Reads a reference.</summary>
    /// <exception cref="SegmentPushException">It is empty, or the address of something else than a static list (<c>InvalidStaticList</c>).</exception>
    public static StaticListReference Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            throw new SegmentPushException(
                "InvalidStaticList", "The static list is empty.", "Give its id, such as 1021 or ST1021A1, its address, or its name; Get-MarketoStaticList shows the lists.", "StaticList");
        }

        var match = IdForm().Match(trimmed);
        if (match.Success && long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0)
            return new StaticListReference(id, null);

        return AssetAddress.Find(trimmed) switch
        {
            null => new StaticListReference(null, trimmed),
            { Kind: AssetAddress.StaticList } list => new StaticListReference(list.Id, null) { MunchkinId = list.MunchkinId },
            var other => throw NotAStaticList(other, trimmed),
        };
    }

    /// <summary>Checks that the reference is not the address of a list in another instance, where its id means another list.</summary>
    /// <param name="lists">The lists of the instance.</param>
    /// <exception cref="SegmentPushException">It is (<c>OtherInstance</c>).</exception>
    public void CheckInstance(StaticLists lists)
    {
        const string Domain = ".mktorest.com";
        if (MunchkinId is null || !lists.Host.EndsWith(Domain, StringComparison.OrdinalIgnoreCase)) return;
        string connected = lists.Host[..^Domain.Length].ToUpperInvariant();
        if (connected == MunchkinId) return;
        throw new SegmentPushException(
            "OtherInstance",
            $"The address is that of a list in {MunchkinId}, and the connection is to {connected}.",
            $"Connect to {MunchkinId}, or give the list of {connected}.",
            MunchkinId);
    }

    /// <summary>A list as a push remembers it.</summary>
    /// <param name="id">REST id; 0 where it was not found yet.</param>
    /// <param name="name">Name, or the name that it was given by.</param>
    public static StaticListReference Of(long id, string name) => id == 0 ? new StaticListReference(null, name) : new StaticListReference(id, null);

    /// <summary>Finds the list in an instance.</summary>
    /// <exception cref="SegmentPushException"><c>StaticListNotFound</c>, <c>StaticListAmbiguous</c>, <c>OtherInstance</c>.</exception>
    public async Task<StaticList> ResolveAsync(StaticLists lists, CancellationToken cancellation)
    {
        CheckInstance(lists);
        if (Id is { } id)
        {
            return await lists.FindAsync(id, cancellation).ConfigureAwait(false) ?? throw NotFound(id);
        }

        var named = await lists.FindByNameAsync(Name!, cancellation).ConfigureAwait(false);
        return named.Found.Count switch
        {
            1 => named.Found[0],
            0 => throw named.NotFound(),
            _ => throw new SegmentPushException(
                "StaticListAmbiguous",
                $"{named.Found.Count} static lists are named '{Name}': {string.Join(", ", named.Found.Select(Describe))}.",
                "Give the id of the one you mean.",
                Name),
        };
    }

    /// <summary>The error where an instance has no list with an id.</summary>
    public static SegmentPushException NotFound(long id, Exception? cause = null) => new(
        "StaticListNotFound",
        $"This Marketo instance has no static list {id.ToString(CultureInfo.InvariantCulture)} that the API-only user may see.",
        "Check the number after #ST in the list's address, and the user's workspaces. Get-MarketoStaticList shows the lists.",
        id,
        cause);

    private static string Describe(StaticList list)
    {
        var place = list.ProgramName ?? list.WorkspaceName;
        return list.Id.ToString(CultureInfo.InvariantCulture) + (string.IsNullOrEmpty(place) ? string.Empty : $" ({place})");
    }

    private static SegmentPushException NotAStaticList(AssetAddress other, string text) => new(
        "InvalidStaticList",
        other.Kind is null ? (MessageText)"The address shows no static list: it names no asset such as ST1021A1."
            : $"This is the address of {other.KindName} ({other.Kind}{other.Id}). People can be put on static lists only.",
        "Open the static list in Marketo and copy its address (it has ST and a number), give the list's id or name, or make a list with New-MarketoStaticList.",
        text);

    // The number alone, or with the tab that is open.
    [GeneratedRegex(@"\A(?<id>[0-9]{1,18})(?:[A-Z][0-9]+)?/?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex IdForm();
}
