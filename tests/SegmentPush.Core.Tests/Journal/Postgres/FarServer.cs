using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>A way to a server of this machine that takes as long as to one far away, and as long as a test wants at the moment.</summary>
internal sealed class FarServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private int _lostAnswers;

    /// <param name="port">Port of the server.</param>
    /// <param name="roundTrip">What is added to each round trip.</param>
    public FarServer(int port, TimeSpan roundTrip)
    {
        (_port, RoundTrip) = (port, roundTrip);
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>What is added to each round trip from now on, half of it on each way.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>Cuts the connection over which the next answer would come.</summary>
    public void LoseAnswer() => Interlocked.Exchange(ref _lostAnswers, 1);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => ConnectAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was disposed.
        }
    }

    private async Task ConnectAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _port);
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAny(CarryAsync(client.GetStream(), server.GetStream()), CarryAsync(server.GetStream(), client.GetStream(), isAnswer: true));
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to, bool isAnswer = false)
    {
        var onTheWay = Channel.CreateUnbounded<(long Sent, TimeSpan OneWay, byte[] Bytes)>();
        var arriving = Task.Run(async () =>
        {
            await foreach (var (sent, oneWay, bytes) in onTheWay.Reader.ReadAllAsync())
            {
                var left = oneWay - Stopwatch.GetElapsedTime(sent);
                if (left > TimeSpan.Zero) await Task.Delay(left);
                await to.WriteAsync(bytes);
            }
        });
        try
        {
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = await from.ReadAsync(buffer)) > 0;)
            {
                if (isAnswer && Interlocked.Exchange(ref _lostAnswers, 0) == 1) return;
                onTheWay.Writer.TryWrite((Stopwatch.GetTimestamp(), RoundTrip / 2, buffer[..read]));
            }
        }
        catch (IOException)
        {
            // One side has gone.
        }

        onTheWay.Writer.Complete();
        await arriving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
