using System.Collections.Frozen;
using System.Globalization;
using static SegmentPush.Marketo.MarketoErrorClass;

namespace SegmentPush.Marketo;

/// <summary>
/// The one table of how calls fail. Retries, waits and error texts are all made from it.
/// Codes that Marketo gives for a single record are not here: they reject a person, not a call.
/// </summary>
internal static class ErrorClasses
{
    private const string CheckRole =
        "Give the role of the API-only user Read-Write Person (and Read-Only Assets) under Access API in "
        + "Marketo's Admin > Users & Roles, then connect again.";

    private const string CheckAssetRole =
        "Give the role of the API-only user Read-Write Assets (Read-Only Assets, to look only) under Access API in "
        + "Marketo's Admin > Users & Roles, and the user the workspace, then connect again.";

    private const string CheckToken =
        "Check in Marketo's Admin > LaunchPoint that the service still exists and its API-only user is active.";

    private const string LowerPace =
        "Other integrations use this instance at the same time: lower -CallsPer20Seconds or -MaxConcurrency, or run later.";

    private const string TryLater = "Try again later; if it lasts, look at Marketo's status page and ask Adobe support.";

    private const string CheckNetwork =
        "Check the network, the proxy (-Proxy or HTTPS_PROXY) and the firewall between this machine and Marketo.";

    private const string ReportIt = "This is not a fault of the data: report it with the call and the request id shown here.";

    private static readonly ErrorRule[] s_rules =
    [
        // Token
        new("600", Reauthenticate, "TokenRefused", CheckToken),
        new("601", Reauthenticate, "TokenRefused", CheckToken),
        new("602", Reauthenticate, "TokenRefused", CheckToken),
        new("HTTP 401", Reauthenticate, "TokenRefused", CheckToken),
        new("InvalidCredentials", RefusePush, "InvalidCredentials",
            "Compare the client id and client secret with View Details of the service in Marketo's Admin > LaunchPoint, "
            + "and check that the munchkin id belongs to the same instance (Admin > Munchkin)."),

        // Pace
        new("606", SlowDown, "RateLimited", LowerPace),
        new("615", SlowDown, "ConcurrencyLimited", LowerPace),
        new("HTTP 429", SlowDown, "RateLimited", LowerPace),
        new("607", StopForToday, "DailyQuotaExceeded", "Run it again after the reset, or ask Adobe for a larger daily quota."),
        new("DailyReserveReached", StopForToday, "DailyReserveReached",
            "Go on after the reset: a push with Resume-SegmentPush, an undo by running it again. Or lower -DailyCallReserve, or say with -DailyCallQuota what the subscription permits."),
        new("1016", QueueFull, "ImportQueueFull", "Wait until imports that are queued in Marketo have finished, then try again."),
        new("1019", QueueFull, "ListBeingImported", "Wait until the running import into this list has finished, then try again."),
        new("1029", QueueFull, "ExportQueueFull", 
            "Wait until exports that are queued in Marketo have finished, then try again; "
            + "where the day's 500 MB of exports are used up, after midnight US Central."),

        // Passing faults of Marketo. A code of 6xx means that nothing was executed, save a time-out on the way.
        new("502", Wait, "MarketoUnavailable", TryLater, MayHaveRun: true),
        new("503", Wait, "MarketoUnavailable", TryLater, MayHaveRun: true),
        new("504", Wait, "MarketoUnavailable", TryLater, MayHaveRun: true),
        new("604", Wait, "MarketoTimedOut", TryLater, MayHaveRun: true),
        new("608", Wait, "MarketoUnavailable", TryLater),
        new("611", Wait, "MarketoSystemError", TryLater),
        new("614", Wait, "SubscriptionUnavailable",
            "Check that the munchkin id is right and the Marketo subscription is active; otherwise try again later."),
        new("713", Wait, "MarketoBusy", TryLater, MayHaveRun: true),
        new("719", Wait, "MarketoBusy", TryLater, MayHaveRun: true),
        new("HTTP 408", Wait, "MarketoTimedOut", TryLater, MayHaveRun: true),
        new("HTTP 500", Wait, "MarketoSystemError", TryLater, MayHaveRun: true),
        new("HTTP 502", Wait, "MarketoUnavailable", TryLater, MayHaveRun: true),
        new("HTTP 503", Wait, "MarketoUnavailable", TryLater, MayHaveRun: true),
        new("HTTP 504", Wait, "MarketoTimedOut", TryLater, MayHaveRun: true),

        // Passing faults on the way
        new("HostNotFound", Wait, "HostNotFound",
            "Check the munchkin id or endpoint for a typing error, and that this machine can resolve names on the internet."),
        new("ConnectionFailed", Wait, "ConnectionFailed", CheckNetwork),
        new("ProxyFailed", Wait, "ProxyFailed", CheckNetwork),
        new("ConnectionBroken", Wait, "ConnectionBroken", CheckNetwork, MayHaveRun: true),
        new("CallTimedOut", Wait, "CallTimedOut", "Try again later, or allow calls more time with -CallTimeout.", MayHaveRun: true),
        new("AnswerEmpty", Wait, "AnswerEmpty", CheckNetwork, MayHaveRun: true),
        new("AnswerNotJson", Wait, "AnswerNotJson", CheckNetwork, MayHaveRun: true),
        new("AnswerWrongContentType", Wait, "AnswerWrongContentType", CheckNetwork, MayHaveRun: true),
        new("AnswerTruncated", Wait, "AnswerTruncated", CheckNetwork, MayHaveRun: true),
        new("AnswerIncomplete", Wait, "AnswerIncomplete", ReportIt, MayHaveRun: true),
        new("AnswerNotUnderstood", Wait, "AnswerNotUnderstood", ReportIt, MayHaveRun: true),

        // What is known only when a file has been read to its end
        new("ExportIncomplete", Wait, "ExportIncomplete", "Run it again, so that Marketo writes another file."),

        // Refusals: the same call would be refused again.
        new("603", RefusePush, "AccessDenied", CheckRole),
        new("AssetAccessDenied", RefusePush, "AccessDenied", CheckAssetRole),
        new("HTTP 403", RefusePush, "AccessDenied",
            "Check that this machine's address is allowed in Marketo's Admin > Web Services, and the role of the API-only user."),
        new("605", RefusePush, "CallNotSupported", ReportIt),
        new("609", RefusePush, "RequestRefused", ReportIt),
        new("610", RefusePush, "NotFound", "Check that the endpoint belongs to a Marketo instance and that the thing asked for exists."),
        new("HTTP 404", RefusePush, "NotFound", "Check the munchkin id or endpoint: this address is not Marketo's REST API."),
        new("612", RefusePush, "RequestRefused", ReportIt),
        new("613", RefusePush, "RequestRefused", ReportIt),
        new("616", RefusePush, "SubscriptionUnavailable", "This subscription does not include the REST API: ask Adobe support."),
        new("702", RefusePush, "NotFound", "Check that the thing asked for exists in Marketo."),
        new("709", RefusePush, "AssetRefused",
            "Marketo's message says which of its rules the asset would break: change its name or its folder."),
        new("710", RefusePush, "FolderNotFound",
            "Check the folder's id or name (a program's as Program:1001), and that the API-only user may see its workspace."),
        new("711", RefusePush, "FolderNotSuitable", "Choose a folder of the Lead Database, or a program: no list can lie in this one."),
        new("1003", RefusePush, "RequestRefused", ReportIt),
        new("1006", RefusePush, "FieldNotFound",
            "Check the field's REST API name, and that the API-only user may see it (Admin > Field Management)."),
        new("1008", RefusePush, "PartitionAccessDenied",
            "Give the API-only user access to the workspace of this partition in Marketo's Admin > Users & Roles."),
        new("1009", RefusePush, "PartitionRequired", "Name the lead partition with -Partition."),
        new("1011", RefusePush, "FieldNotSearchable", "Match people by a searchable field, such as Email."),
        new("1013", RefusePush, "StaticListNotFound",
            "Check the static list's id, and that the API-only user may see its workspace."),
        new("HTTP 400", RefusePush, "RequestRefused", ReportIt),
        new("HTTP 407", RefusePush, "ProxyAuthenticationRequired",
            "The proxy asks who you are: give -ProxyCredential or -ProxyUseDefaultCredentials with Connect-MarketoLaunchpoint, or put name and password into HTTPS_PROXY."),
        new("HTTP 413", RefusePush, "RequestTooLarge", "Map fewer or shorter fields: Marketo takes 1 MB a call."),
        new("HTTP 414", RefusePush, "AddressTooLong", ReportIt),
        new("Redirected", RefusePush, "Redirected",
            "Use the REST endpoint shown in Marketo's Admin > Web Services; a sign-in page of a proxy also redirects."),
        new("TlsFailed", RefusePush, "TlsFailed",
            "Check the clock of this machine and its trusted certificates; a proxy that inspects TLS needs its own certificate trusted."),
        new("TooManyMatches", RefusePush, "TooManyMatches", "Match people by a field that tells them apart."),
        new("PagingStuck", RefusePush, "PagingStuck", ReportIt),
        new("ValueNotSearchable", RefusePush, "ValueNotSearchable", "Marketo separates searched values by commas: take the comma out."),
    ];

    private static readonly FrozenDictionary<string, ErrorRule> s_byKey =
        s_rules.ToFrozenDictionary(rule => rule.Key, StringComparer.Ordinal);

    /// <summary>All rules, in the table's order.</summary>
    public static IReadOnlyList<ErrorRule> All => s_rules;

    /// <summary>The rule for one of the client's own findings, such as <c>AnswerEmpty</c>.</summary>
    public static ErrorRule Of(string key) => s_byKey[key];

    /// <summary>Whether an error's code may be Marketo's. Others, and none, come from what stands in between.</summary>
    public static bool IsCode(string code) => s_byKey.ContainsKey(code)
        || (int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is (>= 500 and < 800) or >= 1000);

    /// <summary>The rule for a code that Marketo gave for a whole call.</summary>
    public static ErrorRule OfCode(string code)
    {
        if (s_byKey.TryGetValue(code, out var rule))
        {
            return rule;
        }

        // Codes of 1xxx and 7xx say what is wrong with the request: asking again does not help.
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 500 and < 600
            ? new ErrorRule(code, Wait, "MarketoUnavailable", TryLater, MayHaveRun: true)
            : new ErrorRule(code, RefusePush, "RequestRefused", ReportIt);
    }

    /// <summary>The rule for an HTTP status that came without a code of Marketo's.</summary>
    public static ErrorRule OfStatus(int status)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"HTTP {status}");
        if (s_byKey.TryGetValue(key, out var rule))
        {
            return rule;
        }

        return status switch
        {
            >= 300 and < 400 => Of("Redirected"),
            >= 500 => new ErrorRule(key, Wait, "MarketoUnavailable", TryLater, MayHaveRun: true),
            _ => new ErrorRule(key, RefusePush, "RequestRefused", ReportIt),
        };
    }
}
