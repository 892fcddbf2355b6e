using System.Security;
using System.Text.RegularExpressions;

namespace SegmentPush.Platform;

/// <summary>What it takes to reach one sandbox of Experience Platform with one OAuth Server-to-Server credential.</summary>
public sealed partial record PlatformConnectionOptions
{
    /// <summary>The scopes that a new credential has in Adobe Developer Console.</summary>
    public const string DefaultScope = "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext";

    private const string OrganizationEnding = "@AdobeOrg";

    /// <summary>Address of Experience Platform.</summary>
    public static Uri DefaultEndpoint { get; } = new("https://platform.adobe.io");

    /// <summary>Address of Adobe's sign-in service.</summary>
    public static Uri DefaultSignInEndpoint { get; } = new("https://ims-na1.adobelogin.com");

    /// <summary>Organization ID, such as <c>0123456789ABCDEF01234567@AdobeOrg</c>.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>Client ID (API key) of the credential.</summary>
    public required string ClientId { get; init; }

    /// <summary>Client secret of the credential. The connection keeps its own copy.</summary>
    public required SecureString ClientSecret { get; init; }

    /// <summary>Name of the sandbox, lower case.</summary>
    /// <value>The default is <c>prod</c>, the sandbox that each organization has.</value>
    public string SandboxName { get; init; } = "prod";

    /// <summary>The scopes that are asked for, separated by commas.</summary>
    public string Scope { get; init; } = DefaultScope;

    /// <summary>Address of Experience Platform: https, or http on the loopback.</summary>
    public Uri Endpoint { get; init; } = DefaultEndpoint;

    /// <summary>Address of the sign-in service: https, or http on the loopback. No other host gets the client secret.</summary>
    public Uri SignInEndpoint { get; init; } = DefaultSignInEndpoint;

    /// <summary>The way out; null for the system's proxy.</summary>
    internal ProxyOptions? Proxy { get; init; }

    /// <summary>The clock that every wait and every moment comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called after each attempt of each call, from any thread, that of the sign-in included; null where nobody listens.</summary>
    public Action<CallReport>? CallFinished { get; init; }

    /// <summary>The folder in which the processes of this user share the pace of their calls; null where this one keeps to its own pace.</summary>
    internal string? PaceFolder { get; init; }

    /// <summary>What the machine gives to the process. Its clock is <see cref="TimeProvider"/>.</summary>
    internal ProcessHost Host { get; init; } = ProcessHost.Machine;

    /// <summary>The options in their plain form.</summary>
    /// <exception cref="SegmentPushException">
    /// A value can't be right: <c>OrganizationIdInvalid</c>, <c>SandboxNameInvalid</c>, <c>ScopeInvalid</c>, <c>InvalidEndpoint</c>,
    /// <c>EndpointNotSecure</c>, <c>CredentialIncomplete</c>, <c>PlatformCredentialsRefused</c>.
    /// </exception>
    internal PlatformConnectionOptions Checked()
    {
        if (string.IsNullOrWhiteSpace(ClientId) || ClientSecret.Length == 0)
        {
            throw new SegmentPushException(
                "CredentialIncomplete",
                "The client ID or the client secret is empty.",
                "Copy both from the OAuth Server-to-Server credential of your project in Adobe Developer Console.");
        }

        new PastedText(
            "PlatformCredentialsRefused", what => $"Copy the {what} again from the credential's page in Adobe Developer Console, without what stands around it.")
            .Check(ClientSecret, "client secret");
        const string Advice = "Give scheme and host alone, such as https://platform.adobe.io, or leave the parameter out.";
        return this with
        {
            OrganizationId = PlainOrganization(OrganizationId),
            ClientId = ClientId.Trim(),
            SandboxName = PlainSandbox(SandboxName),
            Scope = PlainScope(Scope),
            Endpoint = EndpointAddress.Plain(Endpoint, Advice),
            SignInEndpoint = EndpointAddress.Plain(SignInEndpoint, Advice),
        };
    }

    private static string PlainOrganization(string id)
    {
        var text = id.Trim();
        if (OrganizationForm().IsMatch(text)) return text;
        throw new SegmentPushException(
            "OrganizationIdInvalid",
            $"'{Shown(text)}' is not an organization ID: it has the form 0123456789ABCDEF01234567@AdobeOrg.",
            "Copy the Organization ID from the credential's page in Adobe Developer Console.",
            id);
    }

    // With Adobe's own ending it is no address of a person, which would be masked.
    private static string Shown(string id) =>
        id.EndsWith(OrganizationEnding, StringComparison.OrdinalIgnoreCase) ? SafeText.Of(id[..^OrganizationEnding.Length]) + id[^OrganizationEnding.Length..] : SafeText.Of(id);

    private static string PlainSandbox(string name)
    {
        // Adobe's screens show the title of a sandbox beside its name; the calls take the name in lower case.
        var text = name.Trim().ToLowerInvariant();
        if (SandboxForm().IsMatch(text)) return text;
        throw new SegmentPushException(
            "SandboxNameInvalid",
            $"'{SafeText.Of(name)}' is not the name of a sandbox: it has letters, digits and hyphens only.",
            "Take the name, and not the title, from Sandboxes > Browse in Experience Platform.",
            name);
    }

    private static string PlainScope(string scope)
    {
        var text = string.Concat(scope.Where(c => !char.IsWhiteSpace(c))).Trim(',');
        if (text.Length > 0 && text.All(c => c is > ' ' and < '\x7f')) return text;
        throw new SegmentPushException(
            "ScopeInvalid", "The scope is empty, or holds other characters than a scope has.", "Copy the scopes from the credential's page in Adobe Developer Console.");
    }

    [GeneratedRegex(@"\A[0-9A-Za-z]{6,64}@AdobeOrg\z", RegexOptions.CultureInvariant)]
    private static partial Regex OrganizationForm();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SandboxForm();

    // The record's own text would list every property.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Endpoint = ").Append(Endpoint);
        return true;
    }
}
