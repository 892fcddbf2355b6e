using SegmentPush.Completion;

namespace SegmentPush.Commands;

/// <summary>Connects with accounts. An account may lead to a sandbox or a rehearsal on the loopback that has ended with its session.</summary>
internal static class EndedSandbox
{
    /// <summary>Connects with an account.</summary>
    /// <param name="connect">Connects.</param>
    /// <param name="account">Name of the account.</param>
    /// <param name="endpoint">Where it leads.</param>
    /// <param name="start">The command that starts a new sandbox, without the name of the account.</param>
    /// <exception cref="SegmentPushException">Nothing answers on the loopback any more (<c>SandboxEnded</c>), or the connection fails otherwise.</exception>
    public static T Connect<T>(Func<T> connect, string account, Uri endpoint, string start)
    {
        try
        {
            return connect();
        }
        catch (SegmentPushException fault) when (endpoint.IsLoopback && fault.ErrorId == "ConnectionFailed")
        {
            throw new SegmentPushException(
                "SandboxEnded",
                $"The sandbox of the account '{account}' has ended with its session: nothing answers at {endpoint.GetLeftPart(UriPartial.Authority)}.",
                $"Start a new one under the same name: {start} -SaveAs {CompletionText.Quote(account)} -Force.",
                account,
                fault);
        }
    }
}
