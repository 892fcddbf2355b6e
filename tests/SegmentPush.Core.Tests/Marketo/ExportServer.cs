using System.Globalization;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>A server that gives tokens and one file, and the file in the ways that servers and proxies give files.</summary>
internal sealed class ExportServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private readonly List<string?> _ranges = [];

    public ExportServer(byte[] file)
    {
        File = file;
        (_listener, Endpoint) = Listen();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Endpoint { get; }

    public byte[] File { get; set; }

    /// <summary>Whether it knows of parts of a file at all.</summary>
    public bool KnowsRanges { get; init; } = true;

    /// <summary>Most bytes of a part, however many are asked for.</summary>
    public int MostBytes { get; init; } = 100_000_000;

    /// <summary>By how many bytes the next answer is to another question.</summary>
    public int Shift { get; set; }

    /// <summary>The ranges that were asked for.</summary>
    public IReadOnlyList<string?> Ranges => _ranges;

    public async Task<MarketoConnection> ConnectAsync(int pieceBytes)
    {
        var secret = new SecureString();
        secret.AppendChar('x');
        var connection = await MarketoConnection.ConnectAsync(new MarketoConnectionOptions
        {
            Endpoint = Endpoint,
            ClientId = "client",
            ClientSecret = secret,
            CallsPer20Seconds = 100,
            CallTimeout = TimeSpan.FromHours(1),
            TimeProvider = new HurriedTime(),
        });
        connection.Exports.PieceBytes = pieceBytes;
        return connection;
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    // Any port may be in use, so it tries others.
    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (int attempt = 1; ; attempt++)
        {
            var address = new Uri($"http://127.0.0.1:{RandomNumberGenerator.GetInt32(20_000, 32_000)}");
            var listener = new HttpListener();
            listener.Prefixes.Add(address.AbsoluteUri);
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            if (context.Request.Url!.AbsolutePath.StartsWith("/identity", StringComparison.Ordinal))
                await AnswerAsync(context.Response, "application/json", Encoding.ASCII.GetBytes("""{"access_token":"t","token_type":"bearer","expires_in":3600,"scope":"api"}"""));
            else
                await AnswerFileAsync(context);
        }
    }

    private async Task AnswerFileAsync(HttpListenerContext context)
    {
        string? range = context.Request.Headers["Range"];
        _ranges.Add(range);
        var response = context.Response;
        if (!KnowsRanges || range is null)
        {
            await AnswerAsync(response, "text/csv", File);
            return;
        }

        string[] ends = range["bytes=".Length..].Split('-');
        int from = int.Parse(ends[0], CultureInfo.InvariantCulture) + Shift;
        Shift = 0;
        int to = Math.Min(Math.Min(int.Parse(ends[1], CultureInfo.InvariantCulture), File.Length - 1), from + MostBytes - 1);
        response.StatusCode = 206;
        response.Headers["Content-Range"] = $"bytes {from}-{to}/{File.Length}";
        await AnswerAsync(response, "text/csv", File[from..(to + 1)]);
    }

    private static async Task AnswerAsync(HttpListenerResponse response, string type, byte[] body)
    {
        response.ContentType = type;
        response.ContentLength64 = body.Length;
        await response.OutputStream.WriteAsync(body);
        response.Close();
    }
}
