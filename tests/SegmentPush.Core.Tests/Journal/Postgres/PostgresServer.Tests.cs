using SegmentPush.Core.Tests.Journal.Postgres;

[assembly: AssemblyFixture(typeof(SharedServerEnd))]

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <content>The server that the tests of this process share, and others for single tests.</content>
internal sealed partial class PostgresServer
{
    private static readonly Lazy<PostgresServer?> s_shared = new(() => TryStart());

    /// <summary>The server that the tests share. Where it can't be installed the test is skipped; where the variable CI says so, it fails.</summary>
    public static PostgresServer Shared
    {
        get
        {
            if (s_shared.Value is { } server) return server;
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            throw new InvalidOperationException(Missing);
        }
    }

    /// <summary>Stops the server that the tests share, if a test has needed it.</summary>
    public static void StopShared()
    {
        if (s_shared.IsValueCreated) s_shared.Value?.Dispose();
    }

    /// <summary>A server of its own, for a test that stops it.</summary>
    public static PostgresServer StartOwn()
    {
        _ = Shared;
        return TryStart()!;
    }

    /// <summary>A server of its own whose disk is small, and in memory.</summary>
    public static PostgresServer StartOnSmallDisk(int megabytes)
    {
        _ = Shared;
        if (!OperatingSystem.IsLinux()) Assert.Skip("This system has no small disk in memory.");
        try
        {
            var server = new PostgresServer(FindBinaries()!, megabytes);
            server.Start();
            return server;
        }
        catch (InvalidOperationException e) when (e.Message.StartsWith("mount", StringComparison.Ordinal))
        {
            Assert.Skip("This user may not mount a small disk.");
            throw;
        }
    }

    /// <summary>A server that replays what another one commits, which waits for that.</summary>
    public static PostgresServer StartStandbyOf(PostgresServer primary)
    {
        var standby = new PostgresServer(FindBinaries()!, primary: primary);
        standby.Start();
        primary.Execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
        primary.Execute("SELECT pg_reload_conf()");
        return standby;
    }
}

/// <summary>Stops the shared server once all tests have ended.</summary>
public sealed class SharedServerEnd : IDisposable
{
    public void Dispose() => PostgresServer.StopShared();
}
