using System.Diagnostics;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Starts this program once more, as a worker.</summary>
internal static class WorkerProcess
{
    /// <summary>Starts it. What it writes to the standard error stream is read and left.</summary>
    /// <param name="words">Its command line.</param>
    public static Process Start(IEnumerable<string> words)
    {
        string program = Environment.ProcessPath!;

        // Started as a DLL, the program is the runtime.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") words = [typeof(WorkerProcess).Assembly.Location, .. words];
        var worker = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        worker.ErrorDataReceived += (_, _) => { };
        worker.BeginErrorReadLine();
        return worker;
    }
}
