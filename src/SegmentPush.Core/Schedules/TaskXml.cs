using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace SegmentPush.Schedules;

/// <summary>A task as Windows' Task Scheduler reads it.</summary>
internal static class TaskXml
{
    private static readonly XNamespace s_namespace = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    /// <summary>Folder of the product's tasks.</summary>
    public const string TaskPath = @"\SegmentPush\";

    /// <summary>Writes it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="command">What it starts.</param>
    /// <param name="user">The user that it runs as.</param>
    /// <param name="hasPassword">Whether Windows gets the user's password, or has it, as that of a managed service account.</param>
    /// <param name="today">The day from which it holds.</param>
    public static string Write(SegmentPushTask task, TaskCommand command, string user, bool hasPassword, DateOnly today)
    {
        var root = Of(
            "Task",
            Of("RegistrationInfo", Of("Description", $"Pushes {string.Join(", ", task.Destination)} where they are due (SegmentPush)."), Of("URI", TaskPath + task.Name)),
            Of("Triggers", TriggerOf(task, today)),
            Of("Principals", Of("Principal", new XAttribute("id", "Author"), Of("UserId", user), Of("LogonType", hasPassword ? "Password" : "S4U"), Of("RunLevel", "LeastPrivilege"))),
            Of(
                "Settings",
                Of("MultipleInstancesPolicy", "IgnoreNew"),
                Of("DisallowStartIfOnBatteries", "false"),
                Of("StopIfGoingOnBatteries", "false"),
                Of("StartWhenAvailable", "true"),
                Of("Enabled", "true"),

                // A first push of millions of people takes longer than the three days that Windows permits by itself.
                Of("ExecutionTimeLimit", "PT0S")),
            Of("Actions", new XAttribute("Context", "Author"), Of("Exec", Of("Command", command.Program), Of("Arguments", command.ToWindows()))));
        root.SetAttributeValue("version", "1.2");
        return """<?xml version="1.0" encoding="UTF-16"?>""" + "\n" + root.ToString().ReplaceLineEndings("\n") + "\n";
    }

    private static XElement TriggerOf(SegmentPushTask task, DateOnly today) => Of(
        "CalendarTrigger",
        Of("Enabled", "true"),
        Of("StartBoundary", today.ToDateTime(task.At).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
        task.Every is { } every ? Of("Repetition", Of("Interval", XmlConvert.ToString(every)), Of("Duration", "P1D"), Of("StopAtDurationEnd", "false")) : null,
        Of("ScheduleByDay", Of("DaysInterval", "1")));

    private static XElement Of(string name, params object?[] content) => new(s_namespace + name, content);
}
