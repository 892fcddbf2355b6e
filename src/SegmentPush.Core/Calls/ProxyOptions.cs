using System.Net;

namespace SegmentPush.Calls;

/// <summary>How calls leave through a proxy.</summary>
/// <param name="Address">Its address; null for the system's proxy.</param>
/// <param name="Credential">Name and password for the proxy; null for none.</param>
/// <param name="UseDefaultCredentials">Whether the user signs in at the proxy as at this machine.</param>
internal sealed record ProxyOptions(Uri? Address, NetworkCredential? Credential, bool UseDefaultCredentials)
{
    /// <summary>The options, checked.</summary>
    /// <exception cref="SegmentPushException"><c>InvalidProxy</c>, <c>ProxyCredentialAmbiguous</c>.</exception>
    public ProxyOptions Checked()
    {
        if (Credential is not null && UseDefaultCredentials)
        {
            throw new SegmentPushException(
                "ProxyCredentialAmbiguous", "-ProxyCredential and -ProxyUseDefaultCredentials say two different ways to sign in at the proxy.", "Give one of them.");
        }

        if (Address is null) return this;
        if (Address.IsAbsoluteUri && Address.UserInfo.Length > 0)
            throw new SegmentPushException("InvalidProxy", "The address of the proxy holds a user name or password.", "Give them with -ProxyCredential.");
        bool isUsable = Address.IsAbsoluteUri && Address.Host.Length > 0 && Address.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5";
        return isUsable ? this : throw new SegmentPushException(
            "InvalidProxy", $"'{SafeText.Of(Address.OriginalString)}' is not the address of a proxy.", "Give an address such as http://proxy.example.com:8080.", Address);
    }

    // The record's own text would show the name at the proxy.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Address = ").Append(Address);
        return true;
    }
}
