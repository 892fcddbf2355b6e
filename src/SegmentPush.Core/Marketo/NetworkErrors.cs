namespace SegmentPush.Marketo;

/// <summary>Turns what the network throws into errors of the table.</summary>
internal static class NetworkErrors
{
    /// <summary>The error for a fault of the network.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="call">The call's name.</param>
    /// <param name="host">The instance's host.</param>
    /// <param name="sent">Whether anything may have reached the server.</param>
    /// <param name="proxy">The proxy that the user has named; null for none.</param>
    public static MarketoException Of(Exception fault, string call, string host, bool sent, Uri? proxy = null)
    {
        var (key, what) = NetworkFaults.Describe(fault, host, "Marketo", proxy);
        var rule = ErrorClasses.Of(key);
        return new MarketoException(
            sent ? rule : rule with { MayHaveRun = false }, call, $"{call} {what}.", null, CallCauseException.Of(fault));
    }
}
