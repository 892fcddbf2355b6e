namespace SegmentPush.Calls;

/// <summary>The address of a server, as users give it.</summary>
internal static class EndpointAddress
{
    /// <summary>Scheme, host and port of an address.</summary>
    /// <param name="endpoint">The address: https, or http on the loopback.</param>
    /// <param name="advice">A sentence that says where the user finds the right one.</param>
    /// <param name="path">The only path that may follow the host; null for none.</param>
    /// <exception cref="SegmentPushException">
    /// It is not an address (<c>InvalidEndpoint</c>), or http outside the loopback (<c>EndpointNotSecure</c>).
    /// </exception>
    public static Uri Plain(Uri endpoint, MessageText advice, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
        {
            throw Invalid(endpoint, "an endpoint starts with https://", advice);
        }

        // Credentials in an address end up in logs; the text of such an address is not repeated here either.
        if (endpoint.UserInfo.Length > 0)
        {
            throw new SegmentPushException(
                "InvalidEndpoint", "The endpoint holds a user name or password.", "Give the address without them.");
        }

        if (endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
        {
            throw Invalid(endpoint, "it has a query or a fragment", advice);
        }

        var found = endpoint.AbsolutePath.TrimEnd('/');
        if (found.Length > 0 && !found.Equals(path, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid(endpoint, path is null ? (MessageText)"nothing may follow the host" : $"only {path} may follow the host", advice);
        }

        if (endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback)
        {
            throw new SegmentPushException(
                "EndpointNotSecure",
                $"{endpoint.GetLeftPart(UriPartial.Authority)} is not encrypted; secrets and the data of people would travel in the clear.",
                "Use https.",
                endpoint);
        }

        return new Uri(endpoint.GetLeftPart(UriPartial.Authority));
    }

    private static SegmentPushException Invalid(Uri endpoint, MessageText why, MessageText advice) => new(
        "InvalidEndpoint",
        $"The endpoint '{SafeText.Of(endpoint.OriginalString.Split('?', '#')[0])}' cannot be used: {why}.",
        advice,
        endpoint);
}
