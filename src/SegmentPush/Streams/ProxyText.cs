using System.Management.Automation;
using SegmentPush.Calls;

namespace SegmentPush.Streams;

/// <summary>What the parameters about a proxy mean together.</summary>
internal static class ProxyText
{
    /// <summary>The warning of an account that is saved while the proxy asks for a password.</summary>
    public static readonly MessageText CredentialNotSaved =
        "The name and password for the proxy are not saved with the account. Give -ProxyCredential each time, or use -ProxyUseDefaultCredentials.";

    /// <summary>The way out: what is given stands over what an account has.</summary>
    /// <param name="account">The way out of the account; null for the system's.</param>
    /// <param name="address">Address of the proxy that is given; null for none.</param>
    /// <param name="credential">Name and password that are given; null for none.</param>
    /// <param name="useDefault">Whether the user signs in at the proxy as at this machine; null where nothing is said.</param>
    /// <exception cref="SegmentPushException"><c>InvalidProxy</c>, <c>ProxyCredentialAmbiguous</c>.</exception>
    public static ProxyOptions? Over(ProxyOptions? account, Uri? address, PSCredential? credential, bool? useDefault)
    {
        if (address is null && credential is null && useDefault is null) return account;
        return new ProxyOptions(
            address ?? account?.Address, credential?.GetNetworkCredential(), useDefault ?? (credential is null && account?.UseDefaultCredentials == true)).Checked();
    }
}
