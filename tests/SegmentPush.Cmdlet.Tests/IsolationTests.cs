using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace SegmentPush.Cmdlet.Tests;

/// <summary>Each in a process of its own: what an assembly is bound to can't be undone.</summary>
public sealed class IsolationTests
{
    private const string Push = """
        Connect-MarketoLaunchpoint -Sandbox
        $push = [pscustomobject]@{ email = 'person1@example.com' }, [pscustomobject]@{ email = 'x' } |
            Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -RejectPath "$PSScriptRoot/bad.csv" -WarningAction SilentlyContinue
        "Push $($push.State) $($push.Added) $($push.Rejected)"
        """;

    private static readonly string s_peers = $$"""
        Import-Module '{{Place.Built("tests/Peers/PeerOne")}}', '{{Place.Built("tests/Peers/PeerTwo")}}'
        Get-PeerOne
        Get-PeerTwo
        """;

    [Fact]
    public async Task Modules_with_older_versions_of_our_packages_work_when_loaded_after_ours() =>
        AssertAllWork(await RunAsync(Push + Environment.NewLine + s_peers));

    [Fact]
    public async Task Modules_with_older_versions_of_our_packages_work_when_loaded_before_ours() =>
        AssertAllWork(await RunAsync(string.Join(
            Environment.NewLine, "Remove-Module SegmentPush", s_peers, $"Import-Module '{Place.Manifest}'", Push)));

    [Fact]
    public async Task The_module_can_be_imported_again()
    {
        string output = await RunAsync(string.Join(
            Environment.NewLine, Push, $"Import-Module '{Place.Manifest}' -Force", Push, "Remove-Module SegmentPush", $"Import-Module '{Place.Manifest}'", Push));

        Assert.Equal(3, output.Split("Push Completed 1 1").Length - 1);
    }

    [Fact]
    public async Task Code_compiled_for_this_platform_is_used_and_of_the_same_assemblies()
    {
        string lib = Path.Combine(Path.GetDirectoryName(Place.Manifest)!, "lib");
        string compiled = Path.Combine(lib, RuntimeInformation.RuntimeIdentifier);
        Assert.SkipUnless(Directory.Exists(compiled) && Directory.GetFiles(compiled).Length > 0, "The module was built without its compiler's package.");

        foreach (string file in Directory.GetFiles(compiled, "*.dll"))
            Assert.Equal(ModuleIdOf(Path.Combine(lib, Path.GetFileName(file))), ModuleIdOf(file));
        string output = await RunAsync(Push + Environment.NewLine + """
            [System.AppDomain]::CurrentDomain.GetAssemblies().ForEach({ if ($_.Location) { $_.Location } })
            """);
        var loaded = output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains(Path.Combine(compiled, "SegmentPush.Core.dll"), loaded);
        Assert.Contains(Path.Combine(compiled, "Microsoft.Data.Sqlite.dll"), loaded);
        Assert.DoesNotContain(Path.Combine(lib, "SegmentPush.Core.dll"), loaded);
    }

    [Fact]
    public async Task Packages_that_only_Parquet_files_need_are_not_loaded_by_other_pushes()
    {
        string output = await RunAsync(Push + Environment.NewLine + """
            [System.AppDomain]::CurrentDomain.GetAssemblies().ForEach({ $_.GetName().Name })
            """);
        var loaded = output.Split('\n', StringSplitOptions.TrimEntries);

        Assert.Contains("Microsoft.Data.Sqlite", loaded);
        foreach (string name in (string[])["Snappier", "ZstdSharp", "K4os.Compression.LZ4"])
        {
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Place.Manifest)!, "lib", name + ".dll")));
            Assert.DoesNotContain(name, loaded);
        }
    }

    private static Guid ModuleIdOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    private static void AssertAllWork(string output)
    {
        Assert.Contains("Push Completed 1 1", output, StringComparison.Ordinal);
        Assert.Contains("42 Polly 8.4.2.", output, StringComparison.Ordinal);
        Assert.Contains("Sqlite 9.0.0.0", output, StringComparison.Ordinal);
        Assert.Contains("SQLitePCLRaw 2.1.11.", output, StringComparison.Ordinal);
        Assert.Contains("Hashing 9.0.0.4", output, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string script)
    {
        string folder = Directory.CreateTempSubdirectory("segmentpush-").FullName;
        try
        {
            string file = Path.Combine(folder, "script.ps1");
            await File.WriteAllTextAsync(file, "$ErrorActionPreference = 'Stop'" + Environment.NewLine + script);
            var start = new ProcessStartInfo("dotnet", [Place.Built("tools/PSHost"), file]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["SEGMENTPUSH_HOME"] = Path.Combine(folder, "home");
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, output + await error);
            return output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
