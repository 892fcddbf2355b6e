namespace SegmentPush.Schedules;

/// <summary>The lines of tasks in a user's crontab. What others have written there stays as it is.</summary>
internal static class Crontab
{
    private const string Mark = "# SegmentPush task: ";

    /// <summary>The lines of a task: a comment that names it, and the one that starts it.</summary>
    public static string LinesOf(SegmentPushTask task, TaskCommand command) =>
        $"{MarkOf(task.Name)}\n{TaskTimes.Of(task.At, task.Every).ToCron()} {command.ToCron()}\n";

    /// <summary>A crontab with the lines of a task, in the place of those that it had.</summary>
    public static string With(string crontab, string name, string lines)
    {
        string others = Without(crontab, name);
        return (others.Length == 0 || others.EndsWith('\n') ? others : others + "\n") + lines;
    }

    /// <summary>A crontab without the lines of a task.</summary>
    public static string Without(string crontab, string name)
    {
        string[] lines = crontab.Split('\n');
        int mark = Array.FindIndex(lines, line => IsMarkOf(line, name));
        return mark < 0 ? crontab : string.Join('\n', lines.Where((_, i) => i != mark && i != mark + 1));
    }

    /// <summary>Whether a crontab has the lines of a task.</summary>
    public static bool Has(string crontab, string name) => crontab.Split('\n').Any(line => IsMarkOf(line, name));

    private static string MarkOf(string name) => Mark + name;

    private static bool IsMarkOf(string line, string name) => string.Equals(line.TrimEnd('\r'), MarkOf(name), StringComparison.OrdinalIgnoreCase);
}
