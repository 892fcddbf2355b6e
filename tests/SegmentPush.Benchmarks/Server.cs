using SegmentPush.Sandbox;

namespace SegmentPush.Benchmarks;

/// <summary>A sandbox without limits, until its standard input ends.</summary>
internal static class Server
{
    /// <summary>Runs it.</summary>
    /// <param name="segment">A segment whose people it starts with; null for none.</param>
    public static int Run(string? segment)
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, DailyCalls = null });
        foreach (string row in segment is null ? [] : File.ReadLines(segment).Skip(1))
            marketo.AddPerson(new Dictionary<string, object?> { ["email"] = row[..row.IndexOf(',', StringComparison.Ordinal)] });
        Console.WriteLine(marketo.Endpoint);
        Console.In.ReadToEnd();
        return 0;
    }
}
