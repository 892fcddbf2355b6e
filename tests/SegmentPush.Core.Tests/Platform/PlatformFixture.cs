using System.Security;
using SegmentPush.Platform;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>A small Experience Platform and a connection to it, on a hurried clock.</summary>
internal sealed class PlatformFixture : IDisposable
{
    public const string Webinar = "7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c";

    public PlatformFixture(Func<PlatformSandboxOptions, PlatformSandboxOptions>? adjust = null, int times = 20)
    {
        Time = new HurriedTime(times);
        var options = new PlatformSandboxOptions { TimeProvider = Time };
        Platform = PlatformSandbox.Start(adjust is null ? options : adjust(options));
        Options = new PlatformConnectionOptions
        {
            OrganizationId = Platform.Options.OrganizationId,
            ClientId = Platform.Options.ClientId,
            ClientSecret = Secret(Platform.Options.ClientSecret),
            SandboxName = Platform.Options.SandboxName,
            Endpoint = Platform.Endpoint,
            SignInEndpoint = Platform.Endpoint,
            TimeProvider = Time,
        };
    }

    public HurriedTime Time { get; }

    public PlatformSandbox Platform { get; }

    public PlatformConnectionOptions Options { get; set; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task<PlatformConnection> ConnectAsync() => PlatformConnection.ConnectAsync(Options, Stop);

    public async Task<PlatformException> RefusedAsync() => await Assert.ThrowsAsync<PlatformException>(ConnectAsync);

    public static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (char c in text) secret.AppendChar(c);
        return secret;
    }

    public void Dispose()
    {
        Assert.Empty(Platform.Violations);
        Platform.Dispose();
    }
}
