using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SegmentPush.Benchmarks;

/// <summary>A folder, and processes: a new server and a new client for each measurement.</summary>
internal sealed class Place : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segmentpush-bench-").FullName;

    /// <summary>Where files may lie meanwhile.</summary>
    public string Folder => _folder;

    /// <summary>Writes a segment.</summary>
    public string SegmentOf(int rows) => Segment.Write(_folder, rows);

    /// <summary>Measures pieces of work, each in a process of its own, one after the other against one server.</summary>
    /// <param name="rows">Rows of the segment.</param>
    /// <param name="peopleExist">Whether the server has its people from the start.</param>
    /// <param name="names">Their names.</param>
    public async Task<IReadOnlyList<Measured>> MeasureAsync(int rows, bool peopleExist, params string[] names)
    {
        using var server = Start(peopleExist ? ["server", SegmentOf(rows)] : ["server"]);
        string endpoint = (await server.StandardOutput.ReadLineAsync())!;
        var results = new List<Measured>();
        foreach (string name in names)
        {
            using var client = Start("measure", name, rows.ToString(CultureInfo.InvariantCulture), endpoint, _folder);
            string output = await client.StandardOutput.ReadToEndAsync();
            await client.WaitForExitAsync();
            if (client.ExitCode != 0) throw new InvalidOperationException($"{name} failed.");
            results.Add(JsonSerializer.Deserialize<Measured>(output)!);
        }

        server.StandardInput.Close();
        await server.WaitForExitAsync();
        return results;
    }

    /// <summary>Measures something in a shell, against a server of its own.</summary>
    public async Task<ShellMeasured> MeasureAsync(Shell shell, string name, int rows)
    {
        using var server = Start("server");
        string endpoint = (await server.StandardOutput.ReadLineAsync())!;
        string output = await shell.RunAsync(name, endpoint, SegmentOf(rows), _folder);
        server.StandardInput.Close();
        await server.WaitForExitAsync();
        return JsonSerializer.Deserialize<ShellMeasured>(output)!;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
