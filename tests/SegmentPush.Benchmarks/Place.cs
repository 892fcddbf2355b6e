using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace SegmentPush.Benchmarks;

/// <summary>A folder, and processes: a new server and a new client for each measurement.</summary>
internal sealed class Place : IDisposable
{
    // An extract of a list may lag five minutes behind, and a push that follows at once waits for that. The segment is that of the next day.
    private static readonly string s_oneDayEarlier = string.Create(
        CultureInfo.InvariantCulture, $"UPDATE push SET started = started - {TimeSpan.TicksPerDay}, touched = touched - {TimeSpan.TicksPerDay}, ended = ended - {TimeSpan.TicksPerDay}");

    // As if its process had been killed just before the end.
    private const string Reopened = "UPDATE push SET state = 0, ended = NULL WHERE push_key = (SELECT MAX(push_key) FROM push)";

    private readonly string _folder = Directory.CreateTempSubdirectory("segmentpush-bench-").FullName;

    /// <summary>Where files may lie meanwhile.</summary>
    public string Folder => _folder;

    /// <summary>Writes a segment.</summary>
    public string SegmentOf(int rows) => Segment.Write(_folder, rows);

    /// <summary>Writes what becomes of that segment in a day.</summary>
    public string ChangedSegmentOf(int rows) => Segment.WriteChanged(_folder, rows);

    /// <summary>Measures a piece of work.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Rows of the segment.</param>
    /// <param name="peopleExist">Whether the server has its people from the start.</param>
    public async Task<Measured> MeasureAsync(string name, int rows, bool peopleExist = false)
    {
        string count = rows.ToString(CultureInfo.InvariantCulture);

        // In this process, so that the memory of writing is not taken for idle in the one that is measured.
        if (name != "push-audience") SegmentForms.Write(_folder, rows, SegmentForms.FormOf(name));
        using var server = Start(name == "push-audience" ? ["audience-server", count] : peopleExist ? ["server", SegmentOf(rows)] : ["server"]);
        string endpoint = (await server.StandardOutput.ReadLineAsync())!;
        using var client = Start("measure", name, count, endpoint, _folder);
        string output = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        server.StandardInput.Close();
        await server.WaitForExitAsync();
        return client.ExitCode == 0
            ? JsonSerializer.Deserialize<Measured>(output)!
            : throw new InvalidOperationException($"{name} failed.");
    }

    /// <summary>Measures something in a shell, against a server of its own.</summary>
    public async Task<ShellMeasured> MeasureInShellAsync(string name, int rows) =>
        (await MeasureInShellAsync((name, SegmentOf(rows))))[0];

    /// <summary>Measures some things one after the other, each in a shell of its own, with one server and one journal.</summary>
    /// <param name="steps">Their names, and the segments they push.</param>
    public async Task<IReadOnlyList<ShellMeasured>> MeasureInShellAsync(params (string Name, string Segment)[] steps)
    {
        using var server = Start("server");
        string endpoint = (await server.StandardOutput.ReadLineAsync())!;
        string home = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        var results = new List<ShellMeasured>();
        foreach (var (name, segment) in steps)
        {
            if (results.Count > 0) Change(home, s_oneDayEarlier);
            if (name == "mirror-doubt") Change(home, Reopened);
            results.Add(JsonSerializer.Deserialize<ShellMeasured>(await Shell.RunAsync(name, endpoint, segment, _folder, home))!);
        }

        server.StandardInput.Close();
        await server.WaitForExitAsync();
        return results;
    }

    private static void Change(string home, string statement)
    {
        using var journal = new SqliteConnection($"Data Source={Directory.GetFiles(home, "*.db").Single()}");
        journal.Open();
        using var update = journal.CreateCommand();
        update.CommandText = statement;
        update.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
