using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace SegmentPush.Calls;

/// <summary>
/// The cause of a failed call, told by kinds and codes alone. The exceptions of the network and of readers are not kept: their
/// texts may hold the address of a proxy with its password, or a person's data.
/// </summary>
internal sealed class CallCauseException : Exception
{
    private CallCauseException(string message)
        : base(message)
    {
    }

    /// <summary>The cause that stands for an exception and all that it holds.</summary>
    public static CallCauseException Of(Exception fault)
    {
        var text = new StringBuilder();
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (text.Length > 0) text.Append(" <- ");
            text.Append(Describe(cause));
        }

        return new CallCauseException(text.ToString());
    }

    private static string Describe(Exception cause)
    {
        string name = cause.GetType().Name;
        return cause switch
        {
            HttpRequestException { StatusCode: { } status } request => $"{name} ({request.HttpRequestError}, HTTP {(int)status})",
            HttpRequestException request => $"{name} ({request.HttpRequestError})",
            SocketException socket => $"{name} ({socket.SocketErrorCode})",

            // It says what is wrong with a certificate, and knows nothing of addresses.
            AuthenticationException => $"{name} ({SafeText.Of(cause.Message)})",
            _ => name,
        };
    }
}
