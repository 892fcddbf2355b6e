using System.Collections.Frozen;
using System.Globalization;
using static SegmentPush.Platform.PlatformErrorClass;

namespace SegmentPush.Platform;

/// <summary>The one table of how calls to Experience Platform fail. Retries, waits and error texts are all made from it.</summary>
internal static class PlatformErrors
{
    private const string CheckCredential =
        "Compare the client ID and the client secret with the OAuth Server-to-Server credential of the project in Adobe Developer Console.";

    private const string CheckProject =
        "Check in Adobe Developer Console that the client ID belongs to this organization ID, that the project has the Experience Platform API, "
        + "and that the credential has the product profile AEP-Default-All-Users.";

    private const string CheckRole =
        "Add the API credential to a role in Experience Platform's Permissions > Roles that has the sandbox and the permission {permission}.";

    private const string CheckSandbox =
        "Check the sandbox name in Sandboxes > Browse, and that the role of the API credential in Permissions > Roles has this sandbox.";

    private const string TryLater = "Try again later; if it lasts, look at status.adobe.com and ask Adobe support.";

    private const string CheckNetwork = "Check the network, the proxy (-Proxy or HTTPS_PROXY) and the firewall between this machine and Adobe.";

    private const string ReportIt = "This is not a fault of the data: report it with the call and the request id shown here.";

    private static readonly PlatformErrorRule[] s_rules =
    [
        // Sign-in
        new("ClientIdRefused", Refuse, "PlatformClientIdRefused",
            "Copy the client ID (API key) from the OAuth Server-to-Server credential of the project in Adobe Developer Console."),
        new("ClientSecretRefused", Refuse, "PlatformClientSecretRefused",
            "Copy the client secret from the OAuth Server-to-Server credential with Retrieve client secret; an older one may have been deleted."),
        new("CredentialsRefused", Refuse, "PlatformCredentialsRefused", CheckCredential),
        new("ScopeRefused", Refuse, "PlatformScopeRefused",
            "Copy the scopes from the credential's page in Adobe Developer Console, and give them with -Scope."),
        new("GrantRefused", Refuse, "PlatformCredentialKindWrong",
            "Add an OAuth Server-to-Server credential to the project in Adobe Developer Console; other kinds can't sign in without a person."),

        // The gateway
        new("401013", Reauthenticate, "PlatformTokenRefused", CheckProject),
        new("403010", Reauthenticate, "PlatformTokenRefused", CheckProject),
        new("HTTP 401", Reauthenticate, "PlatformTokenRefused", CheckProject),
        new("403000", Refuse, "PlatformApiKeyRefused", CheckProject),
        new("403003", Refuse, "PlatformApiKeyRefused", CheckProject),
        new("403025", Refuse, "PlatformOrganizationOrProfileWrong", CheckProject),
        new("400003", Refuse, "PlatformRequestRefused", ReportIt),
        new("429050", SlowDown, "PlatformRateLimited", TryLater),
        new("HTTP 429", SlowDown, "PlatformRateLimited", TryLater),

        // Experience Platform
        new("UPAPI-113752-403", Refuse, "PlatformAccessDenied",
            "Add the API credential to a role in Permissions > Roles that has the sandbox, the permission {permission}, and the labels of the audience."),
        new("UPAPI-113740-403", Refuse, "PlatformOrganizationNotEnabled", "Ask Adobe support to enable audiences for this organization."),
        new("SandboxRefused", Refuse, "PlatformSandboxNotFound", CheckSandbox),
        new("HTTP 403", Refuse, "PlatformAccessDenied", CheckRole),
        new("HTTP 404", Refuse, "PlatformNotFound", "Check that it exists in this sandbox, and that the role of the API credential may see it."),
        new("HTTP 400", Refuse, "PlatformRequestRefused", ReportIt),
        new("HTTP 407", Refuse, "ProxyAuthenticationRequired",
            "The proxy asks for a name and password: put them into HTTPS_PROXY or the system's proxy settings."),
        new("HTTP 408", Wait, "PlatformTimedOut", TryLater, MayHaveRun: true),
        new("HTTP 500", Wait, "PlatformUnavailable", TryLater, MayHaveRun: true),
        new("HTTP 502", Wait, "PlatformUnavailable", TryLater, MayHaveRun: true),
        new("HTTP 503", Wait, "PlatformUnavailable", TryLater, MayHaveRun: true),
        new("HTTP 504", Wait, "PlatformTimedOut", TryLater, MayHaveRun: true),

        // On the way
        new("HostNotFound", Wait, "HostNotFound",
            "Check -Endpoint and -SignInEndpoint for a typing error, and that this machine can resolve names on the internet."),
        new("ConnectionFailed", Wait, "ConnectionFailed", CheckNetwork),
        new("ProxyFailed", Wait, "ProxyFailed", CheckNetwork),
        new("ConnectionBroken", Wait, "ConnectionBroken", CheckNetwork, MayHaveRun: true),
        new("CallTimedOut", Wait, "CallTimedOut", TryLater, MayHaveRun: true),
        new("AnswerEmpty", Wait, "AnswerEmpty", CheckNetwork, MayHaveRun: true),
        new("AnswerTruncated", Wait, "AnswerTruncated", CheckNetwork, MayHaveRun: true),
        new("AnswerNotJson", Wait, "AnswerNotJson", CheckNetwork, MayHaveRun: true),
        new("AnswerNotUnderstood", Wait, "AnswerNotUnderstood", ReportIt, MayHaveRun: true),
        new("Redirected", Refuse, "Redirected", "Check -Endpoint; a sign-in page of a proxy also redirects."),
        new("TlsFailed", Refuse, "TlsFailed",
            "Check the clock of this machine and its trusted certificates; a proxy that inspects TLS needs its own certificate trusted."),
        new("PagingStuck", Refuse, "PagingStuck", ReportIt),
        new("FileIncomplete", Wait, "PlatformFileIncomplete", "Run it again, so that the files are fetched again."),

        // Exports
        new("ExportFailed", Refuse, "PlatformExportFailed", "Run it again, so that Adobe starts another export job; Adobe support knows the reason by the job's id.", EndsExport: true),
        new("ExportTooLong", Refuse, "PlatformExportTooLong", "Ask Adobe support what holds the export job up, or read the audience with -Through.", EndsExport: true),
        new("BatchFailed", Refuse, "PlatformExportFailed", "Run it again, so that Adobe starts another export job.", EndsExport: true),
    ];

    private static readonly FrozenDictionary<string, PlatformErrorRule> s_byKey =
        s_rules.ToFrozenDictionary(rule => rule.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>All rules, in the table's order.</summary>
    public static IReadOnlyList<PlatformErrorRule> All => s_rules;

    /// <summary>The rule for one of the client's own findings, such as <c>AnswerTruncated</c>.</summary>
    public static PlatformErrorRule Of(string key) => s_byKey[key];

    /// <summary>The rule for an answer that is no success.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="code">Adobe's code; null where there is none.</param>
    /// <param name="said">What Adobe says.</param>
    public static PlatformErrorRule Of(int status, string? code, string said)
    {
        if (code is not null && s_byKey.TryGetValue(code, out var byCode)) return byCode;
        var key = string.Create(CultureInfo.InvariantCulture, $"HTTP {status}");
        bool isAboutSandbox = status is 400 or 403 or 404 && said.Contains("sandbox", StringComparison.OrdinalIgnoreCase) && !said.Contains("/sandboxes/", StringComparison.Ordinal);
        if (isAboutSandbox) return Of("SandboxRefused");
        if (s_byKey.TryGetValue(key, out var byStatus)) return byStatus;
        return status switch
        {
            >= 300 and < 400 => Of("Redirected"),
            >= 500 => new PlatformErrorRule(key, Wait, "PlatformUnavailable", TryLater, MayHaveRun: true),
            _ => new PlatformErrorRule(key, Refuse, "PlatformRequestRefused", ReportIt),
        };
    }
}
