namespace SegmentPush.Schedules;

/// <summary>What starts a task.</summary>
public enum PushScheduler
{
    /// <summary>Windows' Task Scheduler.</summary>
    TaskScheduler = 0,

    /// <summary>A timer of the user's systemd.</summary>
    Systemd = 1,

    /// <summary>A line of the user's crontab.</summary>
    Cron = 2,
}
