using System.Diagnostics;
using System.Reflection;

namespace SegmentPush.Benchmarks;

/// <summary>A shell that runs the built module: pwsh where there is one, else a host with the engine's core cmdlets alone.</summary>
/// <param name="pwsh">Path of pwsh; null where there is none.</param>
internal sealed class Shell(string? pwsh)
{
    public bool IsPwsh => pwsh is not null;

    public string Name => IsPwsh ? "pwsh" : "a hosted engine";

    public static Shell Find() => new((Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
        .FirstOrDefault(File.Exists));

    /// <summary>Runs <c>Shell.ps1</c>, which measures one thing.</summary>
    /// <param name="what">The thing.</param>
    /// <param name="endpoint">The server.</param>
    /// <param name="segment">The segment's file.</param>
    /// <param name="folder">Where files may lie meanwhile.</param>
    /// <param name="home">The journal's folder.</param>
    /// <returns>The last line that it wrote.</returns>
    public async Task<string> RunAsync(string what, string endpoint, string segment, string folder, string home)
    {
        string root = typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepoRoot").Value!;
        string script = Path.Combine(folder, $"{what}.ps1");
        string body = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Shell.ps1"));
        await File.WriteAllTextAsync(script, $"""
            $what = '{what}'; $endpoint = '{endpoint}'; $segment = '{segment}'
            $module = '{Path.Combine(root, "artifacts", "SegmentPush", "SegmentPush.psd1")}'
            {body}
            """);
        var start = IsPwsh
            ? new ProcessStartInfo(pwsh!, ["-NoProfile", "-File", script])
            : new ProcessStartInfo("dotnet", [Directory.GetFiles(Path.Combine(root, "tools", "PSHost", "bin"), "PSHost.dll", SearchOption.AllDirectories)[0], script]);
        start.RedirectStandardOutput = true;
        start.Environment["SEGMENTPUSH_HOME"] = home;
        start.Environment["SEGMENTPUSH_POLL_SECONDS"] = "0.05";
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string? last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault(line => line.StartsWith('{'));
        return process.ExitCode == 0 && last is not null ? last : throw new InvalidOperationException($"{what} failed in {Name}: {output}");
    }
}

/// <summary>What something took in a shell.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Processor">Processor time of the process, in seconds.</param>
/// <param name="PeakMegabytes">Peak working set above that before it.</param>
/// <param name="Calls">API calls of its push; 0 where there is none.</param>
internal sealed record ShellMeasured(double Seconds, double Processor, double PeakMegabytes, long Calls);
