using System.Globalization;
using System.Management.Automation;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Schedules;

namespace SegmentPush.Streams;

/// <summary>What a cmdlet keeps of its pushes outside the journal: lines of a log, and an entry in the system's log. A log that can't be written stops no push.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class PushRecords(PSCmdlet cmdlet)
{
    private const string Source = "SegmentPush";

    private PushLog? _log;
    private bool _hasWarned;

    /// <summary>Path of the log as the user gave it; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>Whether the system's log gets an entry for each push.</summary>
    public bool HasEntry { get; init; }

    /// <summary>Takes note of what has happened.</summary>
    public void Note(PushEvent happened)
    {
        Try(() => Log?.Note(happened));
        if (happened is PushEnded { Status: var status }) Enter(status.Reason is null
            ? (MessageText)$"{status.Describe()}. Exit code {status.ExitCode}."
            : $"{status.Describe()}. Exit code {status.ExitCode}. {status.ErrorId}: {status.Reason}", status.ExitCode);
    }

    /// <summary>Takes note of a push that could not begin.</summary>
    public void NoteFailure(SegmentPushException error, string? destination)
    {
        Try(() => Log?.NoteFailure(error, destination));
        Enter(destination is null
            ? (MessageText)$"A push could not begin. Exit code {error.ExitCode}. {error.ErrorId}: {error.Text}"
            : $"A push into {destination} could not begin. Exit code {error.ExitCode}. {error.ErrorId}: {error.Text}", error.ExitCode);
    }

    private PushLog? Log => Path is null ? null : _log ??= new PushLog(FilePaths.Literal(cmdlet.SessionState, Path), TimeProvider.System);

    private void Enter(MessageText said, int exitCode)
    {
        if (!HasEntry) return;
        string text = said.ToString();
        Try(() =>
        {
            if (OperatingSystem.IsWindows()) EnterOnWindows(text, exitCode);
            else EnterElsewhere(text, exitCode);
        });
    }

    // The program takes the entry to syslog, or to the journal of systemd.
    private static void EnterElsewhere(string text, int exitCode)
    {
        string priority = exitCode == 0 ? "user.info" : exitCode == 2 ? "user.warning" : "user.err";
        var run = ToolRun.Of("logger", ["-t", Source, "-p", priority, "--", text.ReplaceLineEndings(" ")]);
        if (run.ExitCode != 0) throw NotWritable(run.Errors);
    }

    // PowerShell for Windows brings the class. Its source must have been made once, by an administrator.
    private void EnterOnWindows(string text, int exitCode)
    {
        try
        {
            cmdlet.InvokeCommand.InvokeScript(
                "param($Source, $Text, $Kind, $Id) [System.Diagnostics.EventLog]::WriteEntry($Source, $Text, $Kind, $Id)",
                useNewScope: true, System.Management.Automation.Runspaces.PipelineResultTypes.None, null,
                Source, text, exitCode == 0 ? "Information" : exitCode == 2 ? "Warning" : "Error", 1000 + exitCode);
        }
        catch (RuntimeException e)
        {
            throw NotWritable(e.Message);
        }
    }

    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (SegmentPushException error)
        {
            if (!_hasWarned && !cmdlet.Stopping) cmdlet.Warn($"{error.Text} {error.Action}");
            _hasWarned = true;
        }
    }

    private static SegmentPushException NotWritable(string why) => new(
        "EventLogNotWritable",
        $"The system's log took no entry: {why}",
        OperatingSystem.IsWindows() ? (MessageText)"As an administrator, run once: [System.Diagnostics.EventLog]::CreateEventSource('SegmentPush', 'Application')." : "Install the program logger, and see that a system log runs.");
}
