using System.Text.Encodings.Web;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>Creates and updates people.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class LeadSync(MarketoTransport transport)
{
    /// <summary>Most people in one call.</summary>
    public const int MaxRecords = 300;

    /// <summary>Largest body of a call, in bytes. Marketo's limit is 1 MB, taken here in its smaller meaning.</summary>
    public const int MaxBodyBytes = 1_000_000;

    private const string Path = "/rest/v1/leads.json";

    private static readonly byte[] s_comma = ","u8.ToArray();
    private static readonly byte[] s_end = "]}"u8.ToArray();

    private static readonly JsonWriterOptions s_json = new()
    {
        // It is a body and never part of a page: accents need no escaping, and bytes are scarce.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Sends the people in as few calls as their size permits.</summary>
    /// <returns>One result for each, in the request's order.</returns>
    public async Task<IReadOnlyList<RecordResult>> SyncAsync(SyncLeadsRequest request, CancellationToken cancellation)
    {
        var results = new List<RecordResult>(request.Count);
        await SyncAsync(request, results, cancellation).ConfigureAwait(false);
        return results;
    }

    /// <summary>Sends the people in as few calls as their size permits.</summary>
    /// <param name="request">The people.</param>
    /// <param name="results">Takes one result for each, in the request's order: also where a call fails, those of the calls before it.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task SyncAsync(SyncLeadsRequest request, List<RecordResult> results, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Count, MaxRecords, nameof(request));
        using var head = new PooledBytes(256);
        using var records = new PooledBytes(128 * 1024);
        WriteHead(head, request);
        var ends = WriteRecords(records, request);
        for (var first = 0; first < request.Count;)
        {
            var count = CountThatFits(ends, first, MaxBodyBytes - head.Length - s_end.Length);
            if (count == 0)
            {
                results.Add(TooLarge());
                first++;
                continue;
            }

            var batch = new Batch(request, head.Written, records.Written, ends, first, count);
            await SendAsync(batch, results, cancellation).ConfigureAwait(false);
            first += count;
        }
    }

    private async Task SendAsync(Batch batch, List<RecordResult> results, CancellationToken cancellation)
    {
        var call = batch.ToCall();
        try
        {
            results.AddRange(await transport
                .CallAsync(call, answer => RecordReader.Read(call, answer), cancellation)
                .ConfigureAwait(false));
        }
        catch (MarketoException failure) when (failure.HttpStatus == 413 && failure.Class == MarketoErrorClass.RefusePush)
        {
            // Something on the way allows less than Marketo does.
            if (batch.Count == 1)
            {
                results.Add(TooLarge());
                return;
            }

            var half = batch.Count / 2;
            await SendAsync(batch with { Count = half }, results, cancellation).ConfigureAwait(false);
            await SendAsync(batch with { First = batch.First + half, Count = batch.Count - half }, results, cancellation)
                .ConfigureAwait(false);
        }
    }

    private static void WriteHead(PooledBytes head, SyncLeadsRequest request)
    {
        using var json = new Utf8JsonWriter(head, s_json);
        json.WriteStartObject();
        json.WriteString("action", request.Action);
        json.WriteString("lookupField", request.LookupField);
        if (request.PartitionName is { } partition)
        {
            json.WriteString("partitionName", partition);
        }

        json.WriteStartArray("input");
        json.Flush();
    }

    // The end of each record among the bytes of all of them, which stand there without commas.
    private static int[] WriteRecords(PooledBytes records, SyncLeadsRequest request)
    {
        var ends = new int[request.Count];
        using var json = new Utf8JsonWriter(records, s_json);
        for (var i = 0; i < request.Count; i++)
        {
            request.WriteRecord(json, i);
            json.Flush();
            json.Reset();
            ends[i] = records.Length;
        }

        return ends;
    }

    private static int CountThatFits(int[] ends, int first, int bytes)
    {
        var start = first == 0 ? 0 : ends[first - 1];
        var count = 0;
        while (first + count < ends.Length && ends[first + count] - start + count <= bytes)
        {
            count++;
        }

        return count;
    }

    private static RecordResult TooLarge() => new(
        null,
        RecordStatus.Skipped,
        RecordCodes.TooLarge,
        MessageText.Say("This person's fields are larger than one call to Marketo may be (1 MB); shorten them."));

    private sealed record Batch(
        SyncLeadsRequest Request, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Records, int[] Ends, int First, int Count)
    {
        public MarketoCall ToCall()
        {
            var body = new List<ReadOnlyMemory<byte>>((2 * Count) + 1) { Head };
            var start = First == 0 ? 0 : Ends[First - 1];
            for (var i = First; i < First + Count; i++)
            {
                if (i > First)
                {
                    body.Add(s_comma);
                }

                body.Add(Records[start..Ends[i]]);
                start = Ends[i];
            }

            body.Add(s_end);
            return new MarketoCall(HttpMethod.Post, Path)
            {
                ContentType = "application/json",
                Body = body,
                Records = Count,
                Repeatable = Request.Repeatable,
                RunsFor = TimeLimits.OfSync,
                Sending = Request.Sending is { } sending ? () => sending(First, Count) : null,
                NotRun = Request.NotRun,
            };
        }
    }
}
