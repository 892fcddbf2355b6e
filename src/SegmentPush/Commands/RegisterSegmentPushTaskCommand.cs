using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Schedules;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Registers a task that pushes destinations at certain times, with the scheduler of this machine.</summary>
[Cmdlet(VerbsLifecycle.Register, "SegmentPushTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SegmentPushTask))]
public sealed class RegisterSegmentPushTaskCommand : SegmentPushTaskCommand
{
    // Longer names make long lines in schedulers.
    private const int LongestName = 60;

    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Destination { get; set; } = [];

    /// <summary>When it starts: a time of the day, on the clock of this machine.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [TimeOfDayTransformation]
    public DateTime At { get; set; }

    /// <summary>How often it starts within a day.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [IntervalTransformation]
    public TimeSpan? Every { get; set; }

    /// <summary>Name of the task; that of the destination where none is given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NotBlank]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public string? Name { get; set; }

    /// <summary>Folder for the logs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? LogPath { get; set; }

    /// <summary>Script that runs where the task ends with another exit code than 0.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? OnFailure { get; set; }

    /// <summary>What starts the task; found where it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet(nameof(PushScheduler.TaskScheduler), nameof(PushScheduler.Systemd), nameof(PushScheduler.Cron))]
    public string? Scheduler { get; set; }

    /// <summary>The user that the task runs as: a managed service account, whose name ends with $, or one whose password Windows does not need.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? RunAs { get; set; }

    /// <summary>The user that the task runs as, with the password.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Replaces a task of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        var times = TaskTimes.Of(TimeOnly.FromDateTime(At), Every);
        CheckDestinations();
        var (scheduler, isThere) = FindScheduler();
        CheckUser(scheduler);
        var task = new SegmentPushTask
        {
            Name = TaskStore.CheckedName(Name ?? DefaultName()),
            Destination = [.. Destination.Distinct(StringComparer.OrdinalIgnoreCase)],
            At = times.At,
            Every = times.Every,
            Scheduler = scheduler,
            RunAs = Credential?.UserName ?? OrNull(RunAs),
            LogPath = OrNull(LogPath) is null ? Path.Combine(JournalFolder.Default, "logs") : FilePaths.Folder(SessionState, LogPath!),
            OnFailure = OrNull(OnFailure) is null ? null : CheckedScript(OnFailure!),
            Home = Environment.GetEnvironmentVariable("SEGMENTPUSH_HOME") is { Length: > 0 } home ? Path.GetFullPath(home) : null,
            Journal = JournalOf(OrNull(Journal))?.ToString(),
            Module = MyInvocation.MyCommand.Module.ModuleBase,
        };
        if (!Force) ThrowIfTaken(task, isThere);
        Register(task, isThere);
    }

    // Another SEGMENTPUSH_HOME of this user has tasks of its own, and the scheduler has one of a name.
    private void ThrowIfTaken(SegmentPushTask task, bool isThere)
    {
        bool isKnown = Store.Find(task.Name) is not null;
        if (!isKnown && !(isThere && IsRegistered(task))) return;
        throw new SegmentPushException(
            "TaskExists",
            isKnown ? (MessageText)$"There is a task '{task.Name}' already." : $"{task.Scheduler} has a task '{task.Name}' already, which was registered with another SEGMENTPUSH_HOME.",
            "Replace it with -Force, or choose another name with -Name.",
            task.Name);
    }

    private void Register(SegmentPushTask task, bool isThere)
    {
        var command = TaskCommand.Of(task, Store.PathOf(task.Name), (string)SessionState.PSVariable.GetValue("PSHOME"), Environment.ProcessPath ?? "pwsh");
        string definition = task.Scheduler switch
        {
            PushScheduler.TaskScheduler => TaskXml.Write(task, command, task.RunAs ?? CurrentUser(), HasPassword(), DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime)),
            PushScheduler.Systemd => SystemdUnits.Of(task, command).ToString(),
            _ => Crontab.LinesOf(task, command),
        };
        var where = task.Scheduler switch
        {
            PushScheduler.TaskScheduler => (MessageText)$"as the task {TaskXml.TaskPath}{task.Name}",
            PushScheduler.Systemd => "as units of this user",
            _ => "into the crontab of this user",
        };
        bool may = Approves($"Write to {task.Scheduler}, {where}:\n{definition}\nand these settings:\n{TaskStore.Write(task)}\ninto '{Store.PathOf(task.Name)}'", out bool isWhatIf);
        if (may) Register(task, command, definition, isThere);
        if (may || isWhatIf) WriteObject(task with { Definition = definition, IsRegistered = may, NextRun = TaskTimes.Of(task.At, task.Every).NextAfter(TimeProvider.System.GetLocalNow(), TimeZoneInfo.Local) });
    }

    private void Register(SegmentPushTask task, TaskCommand command, string definition, bool isThere)
    {
        if (!isThere) throw Missing($"This machine has no {task.Scheduler}.");
        Store.Save(task);
        try
        {
            if (task.Scheduler == PushScheduler.TaskScheduler) Windows.Register(task.Name, definition, Credential);
            else UnixSchedulers.Register(task, command);
        }
        catch
        {
            if (!IsRegistered(task)) Store.Remove(task.Name);
            throw;
        }

        if (UnixSchedulers.NeedsLinger(task.Scheduler))
            WriteWarning($"Timers of {Environment.UserName} run only while this user is signed in. So that they always run: loginctl enable-linger {Environment.UserName}");
    }

    private void CheckDestinations()
    {
        using var journal = ReadJournal(OrNull(Journal));
        foreach (string name in Destination)
        {
            foreach (string match in DestinationNames.Matching(journal, name))
            {
                var destination = SavedDestinations.GetUncounted(journal, match);
                if (destination.Account is null) WriteWarning($"The destination '{match}' names no account, so that the task can't connect. Give it one with Set-SegmentDestination -Account.");
                if (destination is { HasAudience: false, Path.Count: 0 }) WriteWarning($"The destination '{match}' keeps no segment, so that the task never pushes it. Give it one with Set-SegmentDestination -Path or -Audience.");
            }
        }
    }

    private (PushScheduler Scheduler, bool IsThere) FindScheduler()
    {
        var found = Windows.IsThere ? PushScheduler.TaskScheduler : OperatingSystem.IsWindows() ? null : UnixSchedulers.Find();
        if (Scheduler is null) return (found ?? throw Missing("This machine has neither Task Scheduler nor a systemd of this user nor a crontab."), true);
        var asked = Enum.Parse<PushScheduler>(Scheduler, ignoreCase: true);
        bool isThere = asked == PushScheduler.TaskScheduler ? Windows.IsThere : !OperatingSystem.IsWindows() && UnixSchedulers.IsThere(asked);
        return (asked, isThere);
    }

    private void CheckUser(PushScheduler scheduler)
    {
        if (OrNull(RunAs) is null && Credential is null) return;
        if (scheduler != PushScheduler.TaskScheduler || (OrNull(RunAs) is not null && Credential is not null))
        {
            throw new SegmentPushException(
                "RunAsNotSuitable",
                scheduler == PushScheduler.TaskScheduler ? (MessageText)"-RunAs and -Credential both say which user the task runs as." : $"{scheduler} starts tasks as the user who registers them.",
                scheduler == PushScheduler.TaskScheduler ? (MessageText)"Give one of them." : "Leave -RunAs and -Credential out, and register the task as the user that it is to run as.");
        }

        if (Environment.GetEnvironmentVariable("SEGMENTPUSH_HOME") is { Length: > 0 } || string.Equals(Credential?.UserName ?? OrNull(RunAs), CurrentUser(), StringComparison.OrdinalIgnoreCase)) return;
        throw new SegmentPushException(
            "RunAsNeedsHome",
            $"A task that runs as {Credential?.UserName ?? OrNull(RunAs)} does not find the accounts and destinations of {CurrentUser()}.",
            "Set SEGMENTPUSH_HOME to a folder that only that user can read, save account and destinations there as that user, and register the task again.");
    }

    private string DefaultName()
    {
        string first = WildcardPattern.ContainsWildcardCharacters(Destination[0]) ? string.Concat(Destination[0].Where(c => c is not ('*' or '?' or '[' or ']'))).Trim() : Destination[0];
        if (first.Length == 0) first = "All destinations";
        string all = string.Join(" + ", [first, .. Destination[1..]]);
        return all.Length <= LongestName ? all : $"{first} + {Destination.Length - 1}";
    }

    private string CheckedScript(string path)
    {
        string file = FilePaths.Literal(SessionState, path);
        return File.Exists(file) ? file : throw new SegmentPushException("FileNotFound", $"There is no script '{path}'.", "Check the path of -OnFailure.", path);
    }

    private bool HasPassword() => Credential is not null || RunAs?.EndsWith('$') == true;

    // A task that is registered again brings its empty properties, too.
    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string CurrentUser() => Environment.UserDomainName.Length > 0 ? $@"{Environment.UserDomainName}\{Environment.UserName}" : Environment.UserName;

    private static SegmentPushException Missing(MessageText what) =>
        new("SchedulerMissing", what, "Install cron, sign in as the user of the task, or choose another scheduler with -Scheduler.", "Scheduler");
}
