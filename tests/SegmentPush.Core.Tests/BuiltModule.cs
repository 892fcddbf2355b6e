using System.Diagnostics;
using System.Reflection;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests;

/// <summary>The built module, run by scripts in processes of their own.</summary>
internal static class BuiltModule
{
    public static string Root { get; } = Metadata("RepoRoot");

    /// <summary>Starts a script that has the module imported and is connected.</summary>
    /// <param name="marketo">The instance.</param>
    /// <param name="folder">Where the script may lie.</param>
    /// <param name="home">The journal's folder.</param>
    /// <param name="script">The script.</param>
    public static Process Start(SandboxInstance marketo, string folder, string home, string script)
    {
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}.ps1");
        File.WriteAllText(file, $$"""
            Import-Module '{{Root}}artifacts/SegmentPush/SegmentPush.psd1'
            $secret = [securestring]::new(); foreach ($c in '{{marketo.Options.ClientSecret}}'.ToCharArray()) { $secret.AppendChar($c) }
            Connect-MarketoLaunchpoint -Endpoint {{marketo.Endpoint}} -ClientId {{marketo.Options.ClientId}} -ClientSecret $secret -CallsPer20Seconds 100
            {{script}}
            """);
        string host = Path.Combine(Root, "tools", "PSHost", "bin", Metadata("Configuration"), "net10.0", "PSHost.dll");
        var start = new ProcessStartInfo("dotnet", [host, file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SEGMENTPUSH_HOME"] = home;
        start.Environment["SEGMENTPUSH_POLL_SECONDS"] = "0.1";
        return Process.Start(start)!;
    }

    private static string Metadata(string key) =>
        typeof(BuiltModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
