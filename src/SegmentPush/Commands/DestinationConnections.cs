using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Marketo;

namespace SegmentPush.Commands;

/// <summary>The connections that destinations are checked with: one for each account, for as long as the cmdlet runs.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class DestinationConnections(PSCmdlet cmdlet) : IDisposable
{
    private readonly Dictionary<string, MarketoConnection> _opened = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The connection for a destination.</summary>
    /// <param name="given">The one that the user gave; null for none.</param>
    /// <param name="account">The destination's account; null for none.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The one given, or else the account's; null where there is neither.</returns>
    /// <exception cref="SegmentPushException">Both are given and lead to two instances (<c>OtherInstance</c>), or the account does not connect.</exception>
    public MarketoConnection? For(MarketoConnection? given, MarketoAccount? account, CancellationToken stop)
    {
        if (account is null) return given;
        if (given is null)
        {
            if (!_opened.TryGetValue(account.Name, out var connection))
                _opened.Add(account.Name, connection = AccountConnection.Open(cmdlet, account.Name, stop));
            return connection;
        }

        return account.Instance == given.Instance ? given : throw new SegmentPushException(
            "OtherInstance",
            $"The account '{account.Name}' is of {account.Instance}, and the connection is to {given.Instance}.",
            "Give one of them, or both of the same instance.",
            account.Name);
    }

    public void Dispose()
    {
        foreach (var connection in _opened.Values) connection.Dispose();
        _opened.Clear();
    }
}
