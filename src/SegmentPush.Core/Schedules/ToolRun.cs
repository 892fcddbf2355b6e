using System.ComponentModel;
using System.Diagnostics;

namespace SegmentPush.Schedules;

/// <summary>What a program of the system has answered.</summary>
/// <param name="ExitCode">Its exit code; null where there is no such program.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Errors">What it said of errors.</param>
internal sealed record ToolRun(int? ExitCode, string Output, string Errors)
{
    /// <summary>Runs a program and waits for its end.</summary>
    /// <param name="program">Its name, found on the path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    public static ToolRun Of(string program, IReadOnlyList<string> arguments, string? input = null)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            Write(process.StandardInput, input);
            process.WaitForExit();
            return new ToolRun(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult().Trim());
        }
        catch (Win32Exception)
        {
            return new ToolRun(null, string.Empty, MessageText.Say($"There is no program '{program}'."));
        }
    }

    // A program that refuses may end before it has read everything; its exit code tells.
    private static void Write(StreamWriter to, string? input)
    {
        try
        {
            using (to) to.Write(input);
        }
        catch (IOException)
        {
        }
    }
}
