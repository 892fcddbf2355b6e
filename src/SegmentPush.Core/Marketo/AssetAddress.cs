using System.Globalization;
using System.Text.RegularExpressions;

namespace SegmentPush.Marketo;

/// <summary>An address in Marketo's UI: the asset that it shows, and the instance.</summary>
/// <param name="Kind">Marketo's letters for the kind of asset, such as <c>ST</c> for a static list; null where it shows none.</param>
/// <param name="Id">The asset's id.</param>
/// <param name="MunchkinId">Munchkin id of the instance; null where the address does not name it.</param>
internal sealed partial record AssetAddress(string? Kind, long Id, string? MunchkinId)
{
    /// <summary>The kind of static lists.</summary>
    public const string StaticList = "ST";

    private const string SmartList = "SL";

    private static readonly Dictionary<string, MessageText> s_names = new(StringComparer.Ordinal)
    {
        [SmartList] = "a smart list",
        ["PG"] = "a program",
        ["ME"] = "an event program",
        ["NP"] = "an engagement program",
        ["EBP"] = "an email program",
        ["SC"] = "a smart campaign",
        ["SG"] = "a segmentation",
        ["EM"] = "an email",
        ["LP"] = "a landing page",
        ["FO"] = "a form",
    };

    /// <summary>What the asset is, with its article.</summary>
    public MessageText KindName => Kind is null ? "no asset" : s_names.GetValueOrDefault(Kind, $"an asset of the kind {Kind}, not of a static list");

    /// <summary>Reads a text as an address.</summary>
    /// <returns>
    /// Null where it is none, and so may be a name. An asset's letters and number without an address are taken for one where a tab
    /// follows them, as in <c>PG1001A1</c>; those of a list also without.
    /// </returns>
    public static AssetAddress? Find(string text)
    {
        string plain = Uri.UnescapeDataString(text.Trim().Trim('<', '>', '"', '\''));
        bool isAddress = AddressForm().IsMatch(plain);
        if (!isAddress)
        {
            return Read(plain.TrimStart('#')) is { } asset && (asset.Kind is StaticList or SmartList || (HasTab().IsMatch(plain) && s_names.ContainsKey(asset.Kind!)))
                ? asset
                : null;
        }

        var munchkinId = MunchkinIdForm().Match(plain) is { Success: true } match ? match.Groups["id"].Value.ToUpperInvariant() : null;

        // A query may stand before and after the #, and may name other assets.
        string[] segments = Query().Replace(HostForm().Replace(plain, ""), "").Split('/', '#');
        var shown = segments.Select(Read).LastOrDefault(asset => asset is not null) ?? new AssetAddress(null, 0, null);
        return shown with { MunchkinId = munchkinId };
    }

    // Two or three letters, the id, and the tab that is open.
    private static AssetAddress? Read(string segment) =>
        AssetForm().Match(segment) is { Success: true } match
        && long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0
            ? new AssetAddress(match.Groups["kind"].Value.ToUpperInvariant(), id, null)
            : null;

    [GeneratedRegex(@"\A(?<kind>[A-Z]{2,3})(?<id>[0-9]{1,18})(?:[A-Z]{1,2}[0-9]+)*!?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AssetForm();

    [GeneratedRegex(@"[0-9][A-Z]{1,2}[0-9]+!?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex HasTab();

    [GeneratedRegex(
        @"\A[a-z][a-z0-9+.-]*://|\A[a-z0-9.-]+\.(?:marketo|adobe|mktoweb)\.com(?:[/?#]|\z)|\A#/|/marketo-engage/|(?:\A|/)classic/[A-Z]{2,3}[0-9]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AddressForm();

    [GeneratedRegex(@"\A(?:[a-z][a-z0-9+.-]*://)?[a-z0-9.-]*\.[a-z0-9.-]*(?::[0-9]+)?(?=[/?#]|\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex HostForm();

    [GeneratedRegex(@"\?[^#]*", RegexOptions.CultureInvariant)]
    private static partial Regex Query();

    [GeneratedRegex(@"(?:/so:|munchkinId=)(?<id>[0-9]{3}-[A-Z]{3}-[0-9]{3})(?![0-9A-Z-])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MunchkinIdForm();
}
