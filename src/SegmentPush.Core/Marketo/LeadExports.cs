using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Sylvan.Data.Csv;

namespace SegmentPush.Marketo;

/// <summary>Exports the people of a static list into a file: makes a job, tells how it stands, and reads the file.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class LeadExports(MarketoTransport transport)
{
    private const string Path = "/bulk/v1/leads/export";
    private const int BatchSize = 5000;

    private static readonly CsvDataReaderOptions s_csv = new()
    {
        HasHeaders = false,
        Delimiter = ',',
        Comment = '\uFFFE',
        CsvStyle = CsvStyle.Lax,
        MaxBufferSize = 64 * 1024 * 1024,
    };

    // Marketo writes it where a person has no value.
    private const string NoValue = "null";

    /// <summary>Bytes of the file that one call fetches.</summary>
    public int PieceBytes { get; set; } = 8_000_000;

    /// <summary>Makes a job. Doing it twice makes a second one, which nobody queues and which ends by itself.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="fields">Columns of the file, by REST API name; <c>id</c> is one of them.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The job's id.</returns>
    public async Task<string> CreateAsync(long listId, IReadOnlyList<string> fields, CancellationToken cancellation)
    {
        using var body = new PooledBytes(256);
        WriteRequest(body, listId, fields);
        var call = new MarketoCall(HttpMethod.Post, $"{Path}/create.json")
        {
            ContentType = "application/json",
            Body = [body.Written],
        };
        return await transport.CallAsync(call, answer => Read(call, answer).ExportId!, cancellation).ConfigureAwait(false);
    }

    /// <summary>Queues a job. Doing it twice does what doing it once does.</summary>
    /// <exception cref="MarketoException">It was not queued; of class <see cref="MarketoErrorClass.QueueFull"/> where that passes.</exception>
    public async Task EnqueueAsync(string id, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Post, PathOf(id, "enqueue"));
        try
        {
            await transport.CallAsync(call, answer => Read(call, answer), cancellation).ConfigureAwait(false);
        }
        catch (MarketoException refusal) when (refusal.Class == MarketoErrorClass.RefusePush)
        {
            // A job is queued once: an earlier call, whose answer was lost, may have done it.
            var status = await GetAsync(id, cancellation).ConfigureAwait(false);
            if (status.State == ExportState.Created) throw;
        }
    }

    /// <summary>How a job stands. Marketo renews it once a minute.</summary>
    public Task<ExportStatus> GetAsync(string id, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, PathOf(id, "status"));
        return transport.CallAsync(call, answer => StatusOf(Read(call, answer)), cancellation);
    }

    /// <summary>
    /// The people of a completed job, some thousand at a time. Whether all came, and unaltered, is known at the end:
    /// nothing may be concluded from who is missing before it is reached.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="status">How it stands.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Id, and the first of the other columns as identity, or the id where there is no other.</returns>
    /// <exception cref="MarketoException">
    /// The file is not the one that Marketo told of, or no list of people (<c>ExportIncomplete</c>).
    /// </exception>
    public async IAsyncEnumerable<IReadOnlyList<ListedPerson>> ReadAsync(
        string id, ExportStatus status, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, PathOf(id, "file"));
        var file = new ExportFile(transport, call.Path, status.FileSize, PieceBytes, cancellation);
        using var text = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 64 * 1024);
        var csv = await CsvDataReader.CreateAsync(text, s_csv, cancellation).ConfigureAwait(false);
        await using (csv.ConfigureAwait(false))
        {
            long records = 0;
            var columns = await ReadHeaderAsync(call, csv, cancellation).ConfigureAwait(false);
            while (true)
            {
                var batch = await ReadBatchAsync(call, csv, columns, cancellation).ConfigureAwait(false);
                if (batch.Count == 0) break;
                records += batch.Count;
                yield return batch;
            }

            Verify(call, file, status, records);
        }
    }

    private static async Task<(int Id, int Identity)> ReadHeaderAsync(MarketoCall call, CsvDataReader csv, CancellationToken cancellation)
    {
        // Without a header there are no people: then it is the number of them that has to be right.
        if (!await NextAsync(call, csv, cancellation).ConfigureAwait(false)) return (0, 0);
        string[] names = [.. Enumerable.Range(0, csv.RowFieldCount).Select(csv.GetString)];
        int id = Array.FindIndex(names, IsId);
        if (id < 0) throw Incomplete(call, "brought a file without the column 'id'");
        int identity = Array.FindIndex(names, name => !IsId(name));
        return (id, identity < 0 ? id : identity);

        static bool IsId(string name) => name.Trim().Equals("id", StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<List<ListedPerson>> ReadBatchAsync(
        MarketoCall call, CsvDataReader csv, (int Id, int Identity) columns, CancellationToken cancellation)
    {
        var batch = new List<ListedPerson>(BatchSize);
        while (batch.Count < BatchSize && await NextAsync(call, csv, cancellation).ConfigureAwait(false))
        {
            if (csv.RowFieldCount <= Math.Max(columns.Id, columns.Identity) || RecordReader.Id(csv.GetFieldSpan(columns.Id)) is not { } id)
                throw Incomplete(call, "brought a file with a row that is no person");
            string identity = csv.GetString(columns.Identity);
            batch.Add(new ListedPerson(id, identity is NoValue or "" ? null : identity));
        }

        return batch;
    }

    private static async Task<bool> NextAsync(MarketoCall call, CsvDataReader csv, CancellationToken cancellation)
    {
        try
        {
            return await csv.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (CsvFormatException fault)
        {
            throw Incomplete(call, "brought a file that is not CSV", fault);
        }
    }

    private static void Verify(MarketoCall call, ExportFile file, ExportStatus status, long records)
    {
        if (status.FileSize is { } size && size != file.Fetched)
            throw Incomplete(call, $"brought {file.Fetched:N0} of {size:N0} bytes");
        if (HexOf(status.Checksum) is { } checksum && !checksum.Equals(file.Hash(), StringComparison.OrdinalIgnoreCase))
            throw Incomplete(call, "brought a file with another checksum than Marketo gave for it");
        if (status.Records is { } expected && expected != records)
            throw Incomplete(call, $"brought {Counted.Number(records)} of {Counted.People(expected)}");
    }

    // With or without the name of the algorithm before it; null where it is no SHA-256.
    private static string? HexOf(string? checksum)
    {
        string? digits = checksum?[(checksum.LastIndexOf(':') + 1)..].Trim();
        return digits?.Length == 64 && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }

    private static MarketoException Incomplete(MarketoCall call, MessageText what, Exception? cause = null) =>
        new(ErrorClasses.Of("ExportIncomplete"), call.Name, $"{call.Name} {what}.", null, cause);

    private static string PathOf(string id, string what) => $"{Path}/{Uri.EscapeDataString(id)}/{what}.json";

    private static void WriteRequest(PooledBytes body, long listId, IReadOnlyList<string> fields)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteStartArray("fields");
        foreach (string field in fields) json.WriteStringValue(field);
        json.WriteEndArray();
        json.WriteString("format", "CSV");
        json.WriteStartObject("filter");
        json.WriteNumber("staticListId", listId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static ExportAnswer Read(MarketoCall call, Answer answer)
    {
        var results = answer.Result.IsEmpty ? [] : JsonSerializer.Deserialize(answer.Result.Span, MarketoJson.Default.ExportAnswerArray) ?? [];
        return results is [{ ExportId.Length: > 0 } result, ..] ? result : throw RecordReader.Incomplete(call, answer, "names no export");
    }

    private static ExportStatus StatusOf(ExportAnswer answer) => new(
        answer.Status?.ToUpperInvariant() switch
        {
            "CREATED" => ExportState.Created,
            "COMPLETED" => ExportState.Completed,
            "FAILED" => ExportState.Failed,
            // Adobe's contract and Adobe's pages spell it differently.
            "CANCELED" or "CANCELLED" => ExportState.Cancelled,
            _ => ExportState.UnderWay,
        },
        answer.NumberOfRecords,
        answer.FileSize,
        answer.FileChecksum,
        SafeText.Of(answer.ErrorMsg));
}
