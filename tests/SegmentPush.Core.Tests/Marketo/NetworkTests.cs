using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>What stands between this machine and Marketo, and fails.</summary>
public sealed class NetworkTests
{
    [Fact]
    public async Task A_name_that_does_not_resolve_is_told_with_the_host()
    {
        var error = await Assert.ThrowsAsync<MarketoException>(() => ConnectAsync(new Uri("https://there-is-no-such-host.invalid")));

        Assert.Equal("HostNotFound", error.ErrorId);
        Assert.Contains("there-is-no-such-host.invalid", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.RecommendedAction!);
    }

    [Fact]
    public async Task A_port_where_nobody_answers_is_a_connection_that_failed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var error = await Assert.ThrowsAsync<MarketoException>(() => ConnectAsync(new Uri($"http://127.0.0.1:{port}")));

        Assert.Equal("ConnectionFailed", error.ErrorId);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(certificate);
        });

        var error = await Assert.ThrowsAsync<MarketoException>(
            () => ConnectAsync(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}")));

        Assert.Equal(("TlsFailed", MarketoErrorClass.RefusePush), (error.ErrorId, error.Class));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_names_where_it_goes()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answered = AnswerAsync(listener, "HTTP/1.1 302 Found\r\nLocation: https://sign-in.example.com/?token=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        var error = await Assert.ThrowsAsync<MarketoException>(
            () => ConnectAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")));

        Assert.Equal("Redirected", error.ErrorId);
        Assert.Contains("sign-in.example.com", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("token=x", error.ToString(), StringComparison.Ordinal);
        await answered;
    }

    [Fact]
    public async Task The_proxy_of_the_environment_is_used_and_its_refusal_is_told()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerAsync(listener, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        string proxy = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        using var process = BuiltModule.Start(
            folder.Path,
            """
            $secret = [securestring]::new(); foreach ($c in 'secret'.ToCharArray()) { $secret.AppendChar($c) }
            try { Connect-MarketoLaunchpoint -MunchkinId 284-RPR-133 -ClientId client -ClientSecret $secret -RetryLimit 0 } catch { $_.FullyQualifiedErrorId }
            """,
            ("HTTPS_PROXY", proxy));
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.StartsWith("CONNECT 284-rpr-133.mktorest.com:443", await asked, StringComparison.Ordinal);
        Assert.StartsWith("Proxy", said.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 Connection established\r\n\r\n")]
    [InlineData("No HTTP at all")]
    [InlineData(null)]
    public async Task The_password_of_a_proxy_is_in_no_error_and_in_none_of_its_causes(string? answer)
    {
        const string Password = "Pr0xy-P4ss";
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var answering = answer is null ? Task.CompletedTask : AnswerAllAsync(listener, answer, stop.Token);
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (answer is null) listener.Stop();

        using var process = BuiltModule.Start(
            folder.Path,
            """
            $secret = [securestring]::new(); foreach ($c in 'secret'.ToCharArray()) { $secret.AppendChar($c) }
            try { Connect-MarketoLaunchpoint -MunchkinId 284-RPR-133 -ClientId client -ClientSecret $secret -RetryLimit 1 -Verbose *>&1 } catch { $_.FullyQualifiedErrorId }
            foreach ($record in $Error) {
                for ($cause = $record.Exception ?? $record; $cause; $cause = $cause.InnerException) {
                    "$($cause.GetType().FullName): $($cause.Message)"; $cause.ToString(); $cause.HelpLink; $cause.Source
                    $cause.Data.GetEnumerator() | ForEach-Object { "$($_.Key) = $($_.Value)" }
                    $cause.PSObject.Properties | ForEach-Object { "$($_.Name) = $($_.Value)" }
                }
            }
            """,
            ("HTTPS_PROXY", string.Create(CultureInfo.InvariantCulture, $"http://proxyuser:{Password}@127.0.0.1:{port}")));
        string said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await stop.CancelAsync();
        listener.Stop();
        await answering;

        Assert.Contains("SegmentPush.Marketo.MarketoException", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, said, StringComparison.Ordinal);
        Assert.DoesNotContain("proxyuser", said, StringComparison.Ordinal);
    }

    // Gives every request the same answer.
    private static async Task AnswerAllAsync(TcpListener listener, string answer, CancellationToken stop)
    {
        var request = new byte[16 * 1024];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stop);
                var stream = client.GetStream();
                _ = await stream.ReadAsync(request, stop);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    // Answers one request, and returns it.
    private static async Task<string> AnswerAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var request = new byte[16 * 1024];
        int read = await stream.ReadAsync(request);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return Encoding.ASCII.GetString(request, 0, read);
    }

    private static async Task ConnectAsync(Uri endpoint)
    {
        var secret = new SecureString();
        secret.AppendChar('x');
        using var connection = await MarketoConnection.ConnectAsync(new MarketoConnectionOptions
        {
            Endpoint = endpoint,
            ClientId = "client",
            ClientSecret = secret,
            RetryLimit = 0,
        });
    }
}
