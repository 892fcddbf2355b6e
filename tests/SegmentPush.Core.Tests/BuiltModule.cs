using System.Diagnostics;
using System.Reflection;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests;

/// <summary>The built module, run by scripts in PowerShell processes of their own.</summary>
internal static class BuiltModule
{
    public static string Root { get; } = Metadata("RepoRoot");

    /// <summary>Starts a script that has the module imported and is connected.</summary>
    /// <param name="marketo">The instance.</param>
    /// <param name="folder">Where the script may lie.</param>
    /// <param name="home">The journal's folder.</param>
    /// <param name="script">The script.</param>
    public static Process Start(SandboxInstance marketo, string folder, string home, string script) => Start(
        folder,
        $$"""
        $secret = [securestring]::new(); foreach ($c in '{{marketo.Options.ClientSecret}}'.ToCharArray()) { $secret.AppendChar($c) }
        Connect-MarketoLaunchpoint -Endpoint {{marketo.Endpoint}} -ClientId {{marketo.Options.ClientId}} -ClientSecret $secret -CallsPer20Seconds 100
        {{script}}
        """,
        ("SEGMENTPUSH_HOME", home));

    /// <summary>Starts a script that has the module imported. Its first error ends it, with exit code 1.</summary>
    /// <param name="folder">Where the script may lie.</param>
    /// <param name="script">The script.</param>
    /// <param name="environment">Variables that it has besides the usual ones.</param>
    public static Process Start(string folder, string script, params (string Name, string Value)[] environment)
    {
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}.ps1");
        File.WriteAllText(file, $"$ErrorActionPreference = 'Stop'\nImport-Module '{Root}artifacts/SegmentPush/SegmentPush.psd1'\n{script}");
        // Not by 'dotnet tool': that starts a process that a kill of its own does not reach.
        var start = new ProcessStartInfo("dotnet", [Metadata("PowerShell"), "-NoProfile", "-NonInteractive", "-File", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["SEGMENTPUSH_POLL_SECONDS"] = "0.1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Metadata(string key) =>
        typeof(BuiltModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
