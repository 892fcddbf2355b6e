using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>
/// A log of pushes: a JSON object on each line. It holds neither people nor secrets. Several processes may write to it, so that it is open for a line
/// only; a library for logs would bring its own way to share a file and would not share one that rolls.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock.</param>
internal sealed class PushLog(string path, TimeProvider time)
{
    private const long MostBytes = 10 * 1024 * 1024;
    private const int OlderFiles = 5;
    private const int MostTries = 50;
    private const int LookedAt = 512;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private static readonly LogJson s_json = new(new JsonSerializerOptions(LogJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private PushStatus? _status;

    /// <summary>Takes note of what has happened; calls that succeeded are only counted.</summary>
    /// <exception cref="SegmentPushException">The file can't be written (<c>LogNotWritable</c>).</exception>
    public void Note(PushEvent happened)
    {
        switch (happened)
        {
            case PushStarted { Status: var status }:
                _status = status;
                Write(LineOf("started", status) with { List = status.StaticListName, ListId = status.StaticListId, Instance = status.Instance, Source = status.Source });
                break;
            case PushPhaseBegan { Status: var status, Text: var text }:
                Write(LineOf("phase", status) with { Text = text.English });
                break;
            case CallFinished { Report: { Succeeded: false } report }:
                Write(LineOf("call", _status) with { Text = report.Call, Attempt = report.Attempt, Status = report.Status, ErrorId = report.ErrorId, Codes = report.Codes, Seconds = report.Duration.TotalSeconds });
                break;
            case PushWarned { Message: var message }:
                Write(LineOf("warning", _status) with { Text = message.English });
                break;
            case PushEnded { Status: var status, Error: var error, Stop: var stop }:
                Write(EndOf(status) with { Text = (error?.Text ?? PushEnding.TextOf(stop))?.English });
                break;
        }
    }

    /// <summary>Takes note of a push that could not begin.</summary>
    /// <param name="error">Why.</param>
    /// <param name="destination">Its destination; null where it has none.</param>
    /// <exception cref="SegmentPushException">The file can't be written (<c>LogNotWritable</c>).</exception>
    public void NoteFailure(SegmentPushException error, string? destination) =>
        Write(LineOf("failed", null) with { Destination = destination, ErrorId = error.ErrorId, Text = error.Text.English, ExitCode = error.ExitCode });

    private LogLine LineOf(string what, PushStatus? status) => new(time.GetUtcNow(), what, status?.Id, status?.Destination);

    private LogLine EndOf(PushStatus status) => LineOf("ended", status) with
    {
        State = $"{status.State}",
        ErrorId = status.ErrorId,
        ExitCode = status.ExitCode,
        Seconds = status.Duration.TotalSeconds,
        Calls = status.Calls,
        People = new Dictionary<string, long>
        {
            ["received"] = status.Received, ["added"] = status.Added, ["alreadyMember"] = status.AlreadyMember, ["removed"] = status.Removed, ["notMember"] = status.NotMember,
            ["unmatched"] = status.Unmatched, ["noIdentity"] = status.NoIdentity, ["noConsent"] = status.NoConsent, ["duplicate"] = status.Duplicate,
            ["rejected"] = status.Rejected, ["notDelivered"] = status.NotDelivered, ["created"] = status.Created, ["updated"] = status.Updated,
        },
    };

    private void Write(LogLine line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, s_json.LogLine) + "\n");
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder) PrivateFile.CreateFolder(folder);
            Append(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException(
                "LogNotWritable", $"The log '{path}' can't be written: {e.Message}", "Give this user write permission there, or another file with -LogPath. The push itself goes on.", path, e);
        }
    }

    // Another process may be writing its line.
    private void Append(byte[] bytes)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                using var file = PrivateFile.Open(path, FileMode.OpenOrCreate);
                CheckIsLog(file);
                if (file.Length > MostBytes)
                {
                    file.Dispose();
                    Roll();
                    continue;
                }

                file.Seek(0, SeekOrigin.End);
                file.Write(bytes);
                return;
            }
            catch (IOException) when (tries < MostTries && File.Exists(path))
            {
                Task.Delay(s_pause, time).GetAwaiter().GetResult();
            }
        }
    }

    // The segment itself, and any other file of the user, gets no lines of ours and is not renamed.
    private void CheckIsLog(FileStream file)
    {
        if (file.Length == 0) return;
        byte[] start = new byte[LookedAt];
        file.Position = 0;
        int length = file.ReadAtLeast(start, LookedAt, throwOnEndOfStream: false);
        if (IsLog(start.AsSpan(0, length))) return;
        throw new SegmentPushException(
            "LogNotWritable", $"The log was not written: there is a file '{path}', which is no log of pushes.", "Give another file with -LogPath. The push itself goes on.", path);
    }

    // The first line of a log is an object that says early what has happened.
    private static bool IsLog(ReadOnlySpan<byte> start)
    {
        var json = new Utf8JsonReader(start, isFinalBlock: false, default);
        try
        {
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.StartObject && json.CurrentDepth == 0) return false;
                if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && json.ValueTextEquals("event"u8)) return true;
            }
        }
        catch (JsonException)
        {
            // A file of another form.
        }

        return false;
    }

    // Two processes may roll at once: the second finds a file that is short.
    private void Roll()
    {
        using var turn = PrivateFile.Open(path + ".lock", FileMode.OpenOrCreate);
        if (new FileInfo(path) is not { Exists: true, Length: > MostBytes }) return;
        for (int i = OlderFiles - 1; i > 0; i--)
        {
            if (File.Exists($"{path}.{i}")) File.Move($"{path}.{i}", $"{path}.{i + 1}", overwrite: true);
        }

        File.Move(path, path + ".1", overwrite: true);
    }
}

/// <summary>A line of the log.</summary>
internal sealed record LogLine(DateTimeOffset Time, string Event, Guid? Push, string? Destination)
{
    public string? List { get; init; }

    public long? ListId { get; init; }

    public string? Instance { get; init; }

    public IReadOnlyList<string>? Source { get; init; }

    public string? State { get; init; }

    public string? Text { get; init; }

    public string? ErrorId { get; init; }

    public int? ExitCode { get; init; }

    public int? Attempt { get; init; }

    public int? Status { get; init; }

    public IReadOnlyList<string>? Codes { get; init; }

    public double? Seconds { get; init; }

    public long? Calls { get; init; }

    public IReadOnlyDictionary<string, long>? People { get; init; }
}

/// <summary>How lines are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class LogJson : JsonSerializerContext;
