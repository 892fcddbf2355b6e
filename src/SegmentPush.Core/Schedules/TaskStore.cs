using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SegmentPush.Journal;

namespace SegmentPush.Schedules;

/// <summary>The settings of a user's tasks: a file for each, which the task's script reads, and beside it what the script says of its last run.</summary>
internal sealed class TaskStore
{
    private const int MaxNameLength = 100;

    private readonly string _folder = Path.Combine(JournalFolder.Default, "tasks");

    /// <summary>The file with the settings of a task.</summary>
    public string PathOf(string name) => Path.Combine(_folder, SlugOf(name) + ".json");

    /// <summary>Checks the name of a task.</summary>
    /// <returns>The name without blanks around it.</returns>
    /// <exception cref="SegmentPushException">No scheduler takes it (<c>TaskNameInvalid</c>).</exception>
    public static string CheckedName(string name)
    {
        string text = name.Trim();
        if (text.Length is > 0 and <= MaxNameLength && !text.Any(c => char.IsControl(c) || "\\/:*?\"<>|".Contains(c, StringComparison.Ordinal))) return text;
        throw new SegmentPushException(
            "TaskNameInvalid",
            $"'{VisibleText.Of(name)}' can't be the name of a task.",
            $@"Give a name of up to {MaxNameLength} characters without \ / : * ? "" < > | with -Name.",
            name);
    }

    /// <summary>A name of ASCII letters, digits and hyphens that stands for the name of a task, and for no other.</summary>
    public static string SlugOf(string name)
    {
        string lower = name.ToLowerInvariant();
        string slug = string.Concat(lower.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        if (slug == lower && slug.Length is > 0 and <= 40) return slug;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(lower));
        return $"{slug[..Math.Min(slug.Length, 40)]}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}".TrimStart('-');
    }

    /// <summary>The settings as text.</summary>
    public static string Write(SegmentPushTask task) => JsonSerializer.Serialize(
        new TaskText(
            task.Name,
            task.Destination,
            task.At.ToString("HH:mm", CultureInfo.InvariantCulture),
            task.Every,
            task.Scheduler,
            task.RunAs,
            task.LogPath,
            task.OnFailure,
            task.Home,
            task.Journal,
            task.Module),
        TaskJson.Default.TaskText);

    /// <summary>All tasks, by name.</summary>
    /// <exception cref="SegmentPushException">The settings of one can't be read (<c>TaskDamaged</c>).</exception>
    public IReadOnlyList<SegmentPushTask> GetAll() => !Directory.Exists(_folder) ? [] :
    [
        .. Directory.EnumerateFiles(_folder, "*.json").Where(path => !path.EndsWith(LastEnding, StringComparison.Ordinal)).Select(Read)
            .OrderBy(task => task.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>A task by its name, compared without case; null where there is none.</summary>
    public SegmentPushTask? Find(string name) => File.Exists(PathOf(name)) ? Read(PathOf(name)) : null;

    /// <summary>Saves the settings of a task.</summary>
    /// <exception cref="SegmentPushException">They can't be written (<c>TaskNotWritable</c>).</exception>
    public void Save(SegmentPushTask task) => Map(() =>
    {
        PrivateFile.CreateFolder(_folder);
        PrivateFile.Write(PathOf(task.Name), Encoding.UTF8.GetBytes(Write(task) + "\n"));
    });

    /// <summary>Deletes the settings of a task, and what it said of its last run.</summary>
    /// <exception cref="SegmentPushException">They can't be deleted (<c>TaskNotWritable</c>).</exception>
    public void Remove(string name) => Map(() =>
    {
        File.Delete(PathOf(name));
        File.Delete(LastOf(PathOf(name)));
    });

    private const string LastEnding = ".last.json";

    private static string LastOf(string path) => Path.ChangeExtension(path, LastEnding);

    private static SegmentPushTask Read(string path)
    {
        try
        {
            var text = JsonSerializer.Deserialize(File.ReadAllBytes(path), TaskJson.Default.TaskText) ?? throw new JsonException(MessageText.Say("It holds nothing."));
            var last = File.Exists(LastOf(path)) ? JsonSerializer.Deserialize(File.ReadAllBytes(LastOf(path)), TaskJson.Default.LastRunText) : null;
            return new SegmentPushTask
            {
                Name = text.Name,
                Destination = text.Destination,
                At = TimeOnly.ParseExact(text.At, "HH:mm", CultureInfo.InvariantCulture),
                Every = text.Every,
                Scheduler = text.Scheduler,
                RunAs = text.RunAs,
                LogPath = text.LogPath,
                OnFailure = text.OnFailure,
                Home = text.Home,
                Journal = text.Journal,
                Module = text.Module,
                LastRun = last?.Started,
                LastExitCode = last?.ExitCode,
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException(
                "TaskDamaged", $"The settings of a task, '{path}', can't be read: {e.Message}", "Delete the file, and register the task again with Register-SegmentPushTask -Force.", path, e);
        }
    }

    private void Map(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException(
                "TaskNotWritable", $"The settings of tasks in '{_folder}' can't be written: {e.Message}", "Give this user write permission there, or set SEGMENTPUSH_HOME to another folder.", _folder, e);
        }
    }
}

/// <summary>The settings of a task as its file has them.</summary>
internal sealed record TaskText(
    string Name,
    IReadOnlyList<string> Destination,
    string At,
    TimeSpan? Every,
    PushScheduler Scheduler,
    string? RunAs,
    string LogPath,
    string? OnFailure,
    string? Home,
    string? Journal,
    string Module);

/// <summary>What the script of a task says of its last run.</summary>
internal sealed record LastRunText(DateTimeOffset Started, int? ExitCode);

/// <summary>How these files are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TaskText))]
[JsonSerializable(typeof(LastRunText))]
internal sealed partial class TaskJson : JsonSerializerContext;
