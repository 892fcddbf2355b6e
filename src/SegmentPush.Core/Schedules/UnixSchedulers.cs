using System.Text;

namespace SegmentPush.Schedules;

/// <summary>Hands tasks to the schedulers of Linux and macOS, and takes them back.</summary>
internal static class UnixSchedulers
{
    /// <summary>The scheduler that this machine has for this user; null where it has none.</summary>
    public static PushScheduler? Find() =>
        Directory.Exists("/run/systemd/system") && IsThere(PushScheduler.Systemd) ? PushScheduler.Systemd
        : IsThere(PushScheduler.Cron) ? PushScheduler.Cron
        : null;

    /// <summary>Whether this machine has one of them for this user.</summary>
    public static bool IsThere(PushScheduler scheduler) => scheduler == PushScheduler.Systemd
        ? ToolRun.Of("systemctl", ["--user", "show-environment"]).ExitCode == 0
        : ToolRun.Of("crontab", ["-l"]).ExitCode is not null;

    /// <summary>Hands a task over, in the place of the one with its name.</summary>
    /// <exception cref="SegmentPushException">The scheduler does not take it (<c>TaskNotRegistered</c>).</exception>
    public static void Register(SegmentPushTask task, TaskCommand command)
    {
        if (task.Scheduler == PushScheduler.Systemd) Register(SystemdUnits.Of(task, command));
        else WriteCrontab(Crontab.With(ReadCrontab(), task.Name, Crontab.LinesOf(task, command)));
    }

    /// <summary>Takes a task back; nothing where the scheduler does not have it.</summary>
    /// <exception cref="SegmentPushException">The scheduler does not give it back (<c>TaskNotRegistered</c>).</exception>
    public static void Unregister(SegmentPushTask task)
    {
        if (task.Scheduler == PushScheduler.Cron)
        {
            string crontab = ReadCrontab();
            if (Crontab.Has(crontab, task.Name)) WriteCrontab(Crontab.Without(crontab, task.Name));
            return;
        }

        string unit = SystemdUnits.UnitName(task.Name);
        if (!Has(task)) return;
        Demand(ToolRun.Of("systemctl", ["--user", "disable", "--now", unit + ".timer"]), "systemctl");
        foreach (string ending in new[] { ".timer", ".service" }) File.Delete(Path.Combine(SystemdUnits.Folder, unit + ending));
        Demand(ToolRun.Of("systemctl", ["--user", "daemon-reload"]), "systemctl");
    }

    /// <summary>Whether the scheduler has a task.</summary>
    public static bool Has(SegmentPushTask task) => task.Scheduler == PushScheduler.Systemd
        ? File.Exists(Path.Combine(SystemdUnits.Folder, SystemdUnits.UnitName(task.Name) + ".timer"))
        : Crontab.Has(ReadCrontab(), task.Name);

    /// <summary>Whether timers of this user run only while the user is signed in.</summary>
    public static bool NeedsLinger(PushScheduler scheduler) =>
        scheduler == PushScheduler.Systemd && !File.Exists(Path.Combine("/var/lib/systemd/linger", Environment.UserName));

    private static void Register(SystemdUnits units)
    {
        Directory.CreateDirectory(SystemdUnits.Folder);
        File.WriteAllText(units.ServicePath, units.Service, new UTF8Encoding(false));
        File.WriteAllText(units.TimerPath, units.Timer, new UTF8Encoding(false));
        Demand(ToolRun.Of("systemctl", ["--user", "daemon-reload"]), "systemctl");
        Demand(ToolRun.Of("systemctl", ["--user", "enable", "--now", units.Name + ".timer"]), "systemctl");
    }

    // A user without a crontab gets exit code 1, and so does one who may not have any.
    private static string ReadCrontab()
    {
        var read = ToolRun.Of("crontab", ["-l"]);
        if (read.ExitCode == 0) return read.Output;
        if (read.Errors.Contains("no crontab", StringComparison.OrdinalIgnoreCase)) return string.Empty;
        throw Refused("crontab", read.Errors);
    }

    private static void WriteCrontab(string crontab) => Demand(ToolRun.Of("crontab", ["-"], crontab), "crontab");

    private static void Demand(ToolRun run, string program)
    {
        if (run.ExitCode != 0) throw Refused(program, run.Errors);
    }

    private static SegmentPushException Refused(string program, string errors) => new(
        "TaskNotRegistered", $"{program} has refused: {(errors.Length > 0 ? MessageText.AsIs(errors) : "it did not say why.")}", $"Look at what {program} says, and whether this user may have tasks.", program);
}
