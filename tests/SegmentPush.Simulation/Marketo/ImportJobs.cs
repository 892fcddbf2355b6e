using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Marketo;

/// <summary>Imports of files: each takes its time, and one at a time goes into a list.</summary>
internal sealed class ImportJobs(Instance marketo)
{
    private const int MostQueued = 10;

    private readonly List<Job> _jobs = [];

    /// <summary>The boundary of the last upload, which data could hold too.</summary>
    public string LastBoundary { get; private set; } = "none";

    /// <summary>How many rows the next imports lose without a word.</summary>
    public int RowsToLose { get; set; }

    /// <summary>Whether an import is not done yet.</summary>
    public bool IsAnyUnderWay => _jobs.Any(job => !job.IsDone);

    /// <summary>A call that uploads a file.</summary>
    public ArrivedCall Start(Request request) => new(CallKind.Import, CountRows(request), () =>
    {
        string field = request["lookupField"] ?? "email";
        if (Field.Find(field) is not { IsSearchable: true }) return Reply.Refuse("1006", $"Lookup field '{field}' not found");
        long listId = request["listId"] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        if (listId != 0 && !marketo.Lists.ContainsKey(listId)) return Reply.Refuse("1013", $"List {listId} not found");
        if (_jobs.Any(other => !other.IsDone && other.ListId == listId)) return Reply.Refuse("1019", "Import into this list is under way");
        if (_jobs.Count(other => !other.IsDone) >= MostQueued) return Reply.Refuse("1016", "Too many imports are queued");
        var rows = Csv.Parse(Encoding.UTF8.GetString(FileOf(request)));
        if (rows.Count == 0) return Reply.Refuse("1003", "Empty file");
        if (rows[0].FirstOrDefault(name => Field.Find(name) is null) is { } unknown) return Reply.Refuse("1006", $"Field '{unknown}' not found");
        var job = new Job(_jobs.Count + 1, listId, field, rows);
        _jobs.Add(job);
        var took = TimeSpan.FromSeconds(marketo.Habits.ImportSeconds);
        marketo.Time.CreateTimer(() => Begin(job), took / 4, Timeout.InfiniteTimeSpan);
        marketo.Time.CreateTimer(() => Finish(job), took, Timeout.InfiniteTimeSpan);
        return Reply.Of([job.Show()]);
    }) { IsProbe = request["lookupField"] == "id" && Csv.Parse(Encoding.UTF8.GetString(FileOf(request))).Skip(1).All(row => row is ["0", ..]) };

    /// <summary>How an import stands.</summary>
    public Reply GetStatus(long id) => Find(id) is { } job ? Reply.Of([job.Show()]) : Reply.Refuse("610", "Import not found");

    /// <summary>The rows that an import refused.</summary>
    public Reply GetFailures(long id) => Find(id) is { } job ? Reply.File(Csv.Write([[.. job.Rows[0], "Import Failure Reason"], .. job.Failures])) : Reply.Refuse("610", "Import not found");

    /// <summary>The rows that an import took with a warning.</summary>
    public Reply GetWarnings(long id) => Find(id) is { } job ? Reply.File(Csv.Write([[.. job.Rows[0], "Import Warning Reason"], .. job.Warnings])) : Reply.Refuse("610", "Import not found");

    private Job? Find(long id) => _jobs.FirstOrDefault(job => job.Id == id);

    // Two imports or calls that run at once do not see the people that the other creates.
    private void Begin(Job job)
    {
        job.HasBegun = true;
        int key = Array.FindIndex(job.Rows[0], name => name.Equals(job.Field, StringComparison.OrdinalIgnoreCase));
        foreach (string value in job.Rows.Skip(1).Where(row => row.Length > key && key >= 0).Select(row => row[key]))
        {
            if (marketo.Find(job.Field, value).Count == 0) job.Missing.Add(value);
        }
    }

    private void Finish(Job job)
    {
        int lost = Math.Min(RowsToLose, job.Rows.Count - 1);
        RowsToLose -= lost;
        foreach (var row in job.Rows.Skip(1).SkipLast(lost))
        {
            if (ImportOne(job, row) is { } reason) job.Failures.Add([.. row, reason]);
            else job.Processed++;
        }

        job.IsDone = true;
    }

    private string? ImportOne(Job job, string[] row)
    {
        string[] header = job.Rows[0];
        if (row.Length != header.Length) return "Wrong number of columns";
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < header.Length; i++)
        {
            if (row[i].Length > 0 || marketo.Habits.EmptyCellClears) values[header[i]] = row[i].Length == 0 ? null : row[i];
            if (row[i].Length > 0 && Field.Find(header[i])!.Store(row[i]) is null) return $"Invalid value for '{header[i]}'";
        }

        if (values.GetValueOrDefault(job.Field) is not { Length: > 0 } key) return "Missing value for the lookup field";
        var found = marketo.Find(job.Field, key);
        bool byId = job.Field.Equals("id", StringComparison.OrdinalIgnoreCase), isWriting = !byId || values.Count > 1;
        if (isWriting && marketo.IsRefused(byId && found.Count > 0 ? found[0][marketo.IdentityField] ?? string.Empty : key)) return "The values are not accepted";
        if (byId && found.Count == 0) return "Lead not found";
        if (found.Count > 1) return "Multiple lead match lookup criteria";
        Person person;
        if (!byId && (found.Count == 0 || job.Missing.Remove(key)))
        {
            person = marketo.Create(Actor.Product, values);
        }
        else
        {
            person = found[0];
            values.Remove("id");
            if (values.Count > (byId ? 0 : 1)) marketo.Write(Actor.Product, person, values);
        }

        if (job.ListId != 0) marketo.AddToList(Actor.Product, job.ListId, person.Id);
        if (marketo.IsWarned(byId ? person[marketo.IdentityField] ?? string.Empty : key)) job.Warnings.Add([.. row, "A value was cut"]);
        return null;
    }

    private int CountRows(Request request) => Math.Max(0, Csv.Parse(Encoding.UTF8.GetString(FileOf(request))).Count - 1);

    // What lies between the first two boundaries, as every reader of multipart sees it.
    private byte[] FileOf(Request request)
    {
        string boundary = request.ContentType!.Split("boundary=")[1].Trim('"');
        LastBoundary = boundary;
        string text = Encoding.Latin1.GetString(request.Body);
        int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        int end = text.IndexOf("\r\n--" + boundary, head, StringComparison.Ordinal);
        int inside = text.IndexOf("--" + boundary, head, StringComparison.Ordinal);
        if (inside >= 0 && inside < end) end = inside;
        return end < 0 ? [] : Encoding.Latin1.GetBytes(text[head..end]);
    }

    private sealed record Job(long Id, long ListId, string Field, List<string[]> Rows)
    {
        public HashSet<string> Missing { get; } = new(StringComparer.OrdinalIgnoreCase);

        public List<string[]> Failures { get; } = [];

        public List<string[]> Warnings { get; } = [];

        public int Processed { get; set; }

        public bool HasBegun { get; set; }

        public bool IsDone { get; set; }

        public JsonObject Show() => new JsonObject
        {
            ["batchId"] = Id,
            ["importId"] = MarketoText.Of(Id),
            ["status"] = IsDone ? "Complete" : HasBegun ? "Importing" : "Queued",
            ["numOfLeadsProcessed"] = Processed,
            ["numOfRowsFailed"] = Failures.Count,
            ["numOfRowsWithWarning"] = Warnings.Count,
            ["message"] = string.Empty,
        };
    }
}
