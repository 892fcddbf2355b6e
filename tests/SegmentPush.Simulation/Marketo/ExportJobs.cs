using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Marketo;

/// <summary>Extracts of lists: made, queued, and written into a file that may lag behind its list.</summary>
internal sealed class ExportJobs(Instance marketo)
{
    private const string Path = "/bulk/v1/leads/export/";

    private static readonly TimeSpan s_takes = TimeSpan.FromSeconds(70);

    private readonly Dictionary<string, Job> _jobs = [];

    /// <summary>Takes a call in.</summary>
    public ArrivedCall Arrive(Request request)
    {
        string[] parts = request.Path[Path.Length..].Split('/');
        if (parts is ["create.json"]) return new(CallKind.ExportCreate, 0, () => Create(request));
        if (parts.Length != 2 || !_jobs.TryGetValue(parts[0], out var job)) return new(CallKind.Other, 0, () => Reply.Refuse("610", "Export not found"));
        return parts[1] switch
        {
            "enqueue.json" => new(CallKind.ExportEnqueue, 0, () => Enqueue(job)),
            "status.json" => new(CallKind.ExportStatus, 0, () => Reply.Of([job.Show()])),
            "file.json" => new(CallKind.ExportFile, 0, () => GetFile(job, request)),
            _ => new(CallKind.Other, 0, () => Reply.Refuse("610", "Requested resource not found")),
        };
    }

    private Reply Create(Request request)
    {
        var json = JsonNode.Parse(request.Body)!;
        long listId = json["filter"]!["staticListId"]!.GetValue<long>();
        if (!marketo.Lists.ContainsKey(listId)) return Reply.Refuse("1013", "List not found");
        var job = new Job("export-" + MarketoText.Of(_jobs.Count + 1), listId, [.. json["fields"]!.AsArray().Select(field => field!.GetValue<string>())]);
        _jobs.Add(job.Id, job);
        return Reply.Of([job.Show()]);
    }

    private Reply Enqueue(Job job)
    {
        if (job.Status != "Created") return Reply.Refuse("1035", "The export is queued already");
        job.Status = "Queued";
        marketo.Time.CreateTimer(() => Finish(job), s_takes, Timeout.InfiniteTimeSpan);
        return Reply.Of([job.Show()]);
    }

    private void Finish(Job job)
    {
        var members = MembersAt(job.ListId, marketo.Time.Now - TimeSpan.FromSeconds(marketo.Habits.ExtractLagSeconds));
        var people = members.Where(marketo.People.ContainsKey).Select(id => marketo.People[id]).ToArray();
        job.File = Csv.Write([job.Fields, .. people.Select(person => job.Fields.Select(field => person[field] ?? "null").ToArray())]);
        job.Records = people.Length;
        job.Status = "Completed";
    }

    private SortedSet<long> MembersAt(long listId, DateTimeOffset moment)
    {
        var members = new SortedSet<long>(marketo.Lists[listId]);
        foreach (var later in marketo.History.Reverse().TakeWhile(happening => happening.At > moment))
        {
            if (later.ListId != listId || !later.ChangedList) continue;
            if (later.Deed == Deed.AddToList) members.Remove(later.PersonId);
            else members.Add(later.PersonId);
        }

        return members;
    }

    private static Reply GetFile(Job job, Request request)
    {
        if (job.File is not { } file) return Reply.Refuse("1030", "The file is not there yet");
        if (request.Range is not { } range) return Reply.File(file);
        int last = (int)Math.Min(range.To ?? file.Length - 1, file.Length - 1);
        return Reply.File(file[(int)range.From..(last + 1)]) with { Status = 206, Part = (range.From, file.Length) };
    }

    private sealed record Job(string Id, long ListId, IReadOnlyList<string> Fields)
    {
        public string Status { get; set; } = "Created";

        public byte[]? File { get; set; }

        public int Records { get; set; }

        public JsonObject Show()
        {
            var shown = new JsonObject { ["exportId"] = Id, ["status"] = Status, ["format"] = "CSV" };
            if (File is null) return shown;
            shown["numberOfRecords"] = Records;
            shown["fileSize"] = File.Length;
            shown["fileChecksum"] = "sha256:" + Convert.ToHexString(SHA256.HashData(File)).ToLower(CultureInfo.InvariantCulture);
            return shown;
        }
    }
}
