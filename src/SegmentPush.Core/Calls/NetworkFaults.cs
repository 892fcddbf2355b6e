using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly.Timeout;

namespace SegmentPush.Calls;

/// <summary>Tells the faults of the network apart, each with its own name.</summary>
internal static class NetworkFaults
{
    /// <summary>Whether an exception comes from the network. All others are faults of our own, which no repeat would mend.</summary>
    /// <param name="fault">What was thrown while a call was sent or its answer awaited, unless the caller cancelled it.</param>
    public static bool IsOne(Exception fault) => fault
        is HttpRequestException or IOException or SocketException or TimeoutRejectedException or OperationCanceledException;

    /// <summary>What a fault of the network is.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="host">The server's host.</param>
    /// <param name="server">The name of the server's product, such as Marketo.</param>
    /// <param name="proxy">The proxy that the user has named; null for none.</param>
    /// <returns>The key of the fault in a table of errors, and what follows the call's name in a message.</returns>
    public static (string Key, MessageText What) Describe(Exception fault, string host, string server, Uri? proxy = null)
    {
        switch (fault)
        {
            // A connection is made to the proxy, and the proxy says by another error what it can't reach.
            case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } when proxy is not null:
                return ("ProxyFailed", $"got no connection to the proxy {proxy.Authority}");
            case TimeoutRejectedException timeout:
                return ("CallTimedOut", $"was not answered within {timeout.Timeout.TotalSeconds:0.###} s");
            case OperationCanceledException:
                return ("ConnectionFailed", $"got no connection to {host} in time");
            case HttpRequestException request:
                return Describe(request, host, server);
            default:
                return ("ConnectionBroken", $"broke off before {server} answered");
        }
    }

    private static (string Key, MessageText What) Describe(HttpRequestException fault, string host, string server)
    {
        switch (fault.HttpRequestError)
        {
            case HttpRequestError.NameResolutionError:
                return ("HostNotFound", $"found no host named {host}");
            case HttpRequestError.ConnectionError:
                return ("ConnectionFailed", $"got no connection to {host}");
            case HttpRequestError.SecureConnectionError:
                return HasCause<AuthenticationException>(fault)
                    ? ("TlsFailed", (MessageText)$"stopped because {host} did not prove who it is, or offers no usable TLS")
                    : ("ConnectionFailed", $"lost the connection to {host} before it was secure");
            case HttpRequestError.ProxyTunnelError when fault.StatusCode == HttpStatusCode.ProxyAuthenticationRequired:
            case HttpRequestError.UserAuthenticationError:
                return ("HTTP 407", "was refused by the proxy, which asks for a name and password");
            case HttpRequestError.ProxyTunnelError:
                return ("ProxyFailed", $"was not let through to {host} by the proxy");
            case HttpRequestError.InvalidResponse:
                return ("AnswerNotJson", $"was answered by {host} with something that is not HTTP");
            default:
                return ("ConnectionBroken", $"broke off before {server} answered");
        }
    }

    private static bool HasCause<T>(Exception fault)
        where T : Exception
    {
        for (var cause = fault.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is T)
            {
                return true;
            }
        }

        return false;
    }
}
