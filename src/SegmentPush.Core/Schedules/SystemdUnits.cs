namespace SegmentPush.Schedules;

/// <summary>A task as two units of systemd: a service that runs once, and the timer that starts it.</summary>
/// <param name="Name">Name of both without their endings.</param>
/// <param name="Service">Text of the service.</param>
/// <param name="Timer">Text of the timer.</param>
internal sealed record SystemdUnits(string Name, string Service, string Timer)
{
    /// <summary>The folder of a user's units.</summary>
    public static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "systemd",
        "user");

    /// <summary>Path of the service.</summary>
    public string ServicePath => Path.Combine(Folder, Name + ".service");

    /// <summary>Path of the timer.</summary>
    public string TimerPath => Path.Combine(Folder, Name + ".timer");

    /// <summary>The units of a task.</summary>
    public static SystemdUnits Of(SegmentPushTask task, TaskCommand command)
    {
        string description = $"SegmentPush task {Escaped(task.Name)}";
        return new SystemdUnits(
            UnitName(task.Name),
            $"""
            [Unit]
            Description={description}
            Wants=network-online.target
            After=network-online.target

            [Service]
            Type=oneshot
            ExecStart={command.ToSystemd()}

            """.ReplaceLineEndings("\n"),
            $"""
            [Unit]
            Description={description}

            [Timer]
            OnCalendar={TaskTimes.Of(task.At, task.Every).ToSystemd()}
            Persistent=true

            [Install]
            WantedBy=timers.target

            """.ReplaceLineEndings("\n"));
    }

    /// <summary>Name of the units of a task without their endings.</summary>
    public static string UnitName(string task) => "segmentpush-" + TaskStore.SlugOf(task);

    /// <summary>Both with their paths, as -WhatIf shows them.</summary>
    public override string ToString() => $"# {ServicePath}\n{Service}\n# {TimerPath}\n{Timer}";

    private static string Escaped(string text) => text.Replace("%", "%%", StringComparison.Ordinal);
}
