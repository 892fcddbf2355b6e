using SegmentPush.Sandbox;

namespace SegmentPush.Benchmarks;

/// <summary>A sandbox without limits, until its standard input ends.</summary>
internal static class Server
{
    public static int Run()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, DailyCalls = null });
        Console.WriteLine(marketo.Endpoint);
        Console.In.ReadToEnd();
        return 0;
    }
}
