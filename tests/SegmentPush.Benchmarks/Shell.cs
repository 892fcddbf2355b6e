using System.Diagnostics;
using System.Reflection;

namespace SegmentPush.Benchmarks;

/// <summary>Runs the built module in PowerShell.</summary>
internal static class Shell
{
    /// <summary>Runs <c>Shell.ps1</c>, which measures one thing.</summary>
    /// <param name="what">The thing.</param>
    /// <param name="endpoint">The server.</param>
    /// <param name="segment">The segment's file.</param>
    /// <param name="folder">Where files may lie meanwhile.</param>
    /// <param name="home">The journal's folder.</param>
    /// <returns>The last line that it wrote.</returns>
    public static async Task<string> RunAsync(string what, string endpoint, string segment, string folder, string home)
    {
        string script = Path.Combine(folder, $"{what}.ps1");
        string body = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Shell.ps1"));
        await File.WriteAllTextAsync(script, $"""
            $what = '{what}'; $endpoint = '{endpoint}'; $segment = '{segment}'
            $module = '{Path.Combine(Metadata("RepoRoot"), "artifacts", "SegmentPush", "SegmentPush.psd1")}'
            {body}
            """);
        var start = new ProcessStartInfo("dotnet", [Metadata("PowerShell"), "-NoProfile", "-NonInteractive", "-File", script]);
        start.RedirectStandardOutput = true;
        start.Environment["SEGMENTPUSH_HOME"] = home;
        start.Environment["SEGMENTPUSH_POLL_SECONDS"] = "0.05";
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string? last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault(line => line.StartsWith('{'));
        return process.ExitCode == 0 && last is not null ? last : throw new InvalidOperationException($"{what} failed in pwsh: {output}");
    }

    private static string Metadata(string key) =>
        typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}

/// <summary>What something took in a shell.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Processor">Processor time of the process, in seconds.</param>
/// <param name="PeakMegabytes">Peak working set above that before it.</param>
/// <param name="Calls">API calls of its push; 0 where there is none.</param>
internal sealed record ShellMeasured(double Seconds, double Processor, double PeakMegabytes, long Calls);
