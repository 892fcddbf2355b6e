using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SegmentPush.Sandbox;

/// <summary>Listens on a free port of this machine, which no other machine reaches.</summary>
internal static class Loopback
{
    /// <summary>Begins to listen.</summary>
    public static (HttpListener Listener, Uri Endpoint) Listen()
    {
        // HttpListener takes no port 0; a free one may be taken by somebody else before it listens.
        for (int attempt = 0; ; attempt++)
        {
            var listener = new HttpListener();
            try
            {
                int port = FreePort();
                var endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
                listener.Prefixes.Add(endpoint.AbsoluteUri);
                listener.Start();
                return (listener, endpoint);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close();
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
