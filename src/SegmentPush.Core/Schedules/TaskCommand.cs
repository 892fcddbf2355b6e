using System.Text;

namespace SegmentPush.Schedules;

/// <summary>The command line of a task, as each scheduler reads it.</summary>
/// <param name="Program">Path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record TaskCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Name of the script in the folder of the module.</summary>
    public const string ScriptName = "Invoke-PushTask.ps1";

    /// <summary>The command of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="settings">The file with its settings.</param>
    /// <param name="shell">Folder of PowerShell.</param>
    /// <param name="process">The program of this process, for a PowerShell that is run by <c>dotnet</c>.</param>
    public static TaskCommand Of(SegmentPushTask task, string settings, string shell, string process)
    {
        string program = Path.Combine(shell, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        string[] arguments = ["-NoProfile", "-NonInteractive", "-File", Path.Combine(task.Module, ScriptName), "-Settings", settings];
        bool isTool = Path.GetFileNameWithoutExtension(process) == "dotnet";
        return isTool ? new TaskCommand(process, [Path.Combine(shell, "pwsh.dll"), .. arguments]) : new TaskCommand(program, arguments);
    }

    /// <summary>The line as <c>sh</c> reads it in a crontab, where a percent sign ends a line.</summary>
    public string ToCron() =>
        string.Join(' ', Arguments.Prepend(Program).Select(text => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'")).Replace("%", @"\%", StringComparison.Ordinal);

    /// <summary>The line as systemd reads it in ExecStart.</summary>
    public string ToSystemd() => string.Join(' ', Arguments.Prepend(Program).Select(text =>
        '"' + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("$", "$$", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal) + '"'));

    /// <summary>The arguments as programs of Windows read them.</summary>
    public string ToWindows() => string.Join(' ', Arguments.Select(QuoteForWindows));

    // Backslashes are doubled only in front of a quote.
    private static string QuoteForWindows(string text)
    {
        if (text.Length > 0 && !text.AsSpan().ContainsAny(" \t\"")) return text;
        var quoted = new StringBuilder("\"");
        int slashes = 0;
        foreach (char c in text)
        {
            if (c == '"') quoted.Append('\\', slashes + 1);
            slashes = c == '\\' ? slashes + 1 : 0;
            quoted.Append(c);
        }

        return quoted.Append('\\', slashes).Append('"').ToString();
    }
}
