using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SegmentPush.Benchmarks;

/// <summary>A folder, and processes: a new server and a new client for each measurement.</summary>
internal sealed class Place : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segmentpush-bench-").FullName;

    public async Task<Measured> MeasureAsync(string name, int rows)
    {
        using var server = Start("server");
        string endpoint = (await server.StandardOutput.ReadLineAsync())!;
        using var client = Start("measure", name, rows.ToString(CultureInfo.InvariantCulture), endpoint, _folder);
        string output = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        server.StandardInput.Close();
        await server.WaitForExitAsync();
        return client.ExitCode == 0
            ? JsonSerializer.Deserialize<Measured>(output)!
            : throw new InvalidOperationException($"{name} failed.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
