using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Sandbox;

/// <summary>The sandbox's bulk extract.</summary>
public sealed class ExportTests
{
    [Theory]
    [InlineData(null, "id,email,Last Name,notes\n", ',')]
    [InlineData("CSV", "id,email,Last Name,notes\n", ',')]
    [InlineData("TSV", "id\temail\tLast Name\tnotes\n", '\t')]
    [InlineData("SSV", "id;email;Last Name;notes\n", ';')]
    public async Task The_file_has_the_lists_people_quoted_and_null_for_what_they_lack(string? format, string header, char delimiter)
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0 });
        using var client = await SandboxClient.ConnectAsync(marketo);
        int ann = marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["lastName"] = "O\"Hara, Jr.;\tII", ["notes"] = "two\r\nlines" });
        int bob = marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "bob@example.com" });
        int deleted = marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "gone@example.com" });
        marketo.SetMembers(1021, [ann, bob, deleted]);
        marketo.DeletePerson(deleted);
        string form = format is null ? "" : $"\"format\":\"{format}\",";

        string id = await CreateAsync(client, $$$"""{{{{form}}}"fields":["id","email","lastName","notes"],"columnHeaderNames":{"lastName":"Last Name"},"filter":{"staticListId":1021}}""");
        Assert.Equal("Queued", (await EnqueueAsync(client, id)).GetProperty("status").GetString());
        var job = await CompleteAsync(client, id);
        using var response = await FileAsync(client, id);
        byte[] file = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            $"{header}{ann}{delimiter}ann@example.com{delimiter}\"O\"\"Hara, Jr.;\tII\"{delimiter}\"two\r\nlines\"\n{bob}{delimiter}bob@example.com{delimiter}null{delimiter}null\n",
            Encoding.UTF8.GetString(file));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(2, job.GetProperty("numberOfRecords").GetInt32());
        Assert.Equal(file.Length, job.GetProperty("fileSize").GetInt32());
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(file)), job.GetProperty("fileChecksum").GetString());
        Assert.Empty(marketo.Violations);
    }

    [Theory]
    [InlineData("""{"staticListName":"Newsletter"}""", 300)]
    [InlineData("""{"staticListId":1022}""", 300)]
    [InlineData("""{"createdAt":{"startAt":"2026-03-01T00:00:00Z","endAt":"2026-03-31T00:00:00Z"}}""", 3000)]
    [InlineData("""{"createdAt":{"startAt":"2026-02-01T00:00:00Z","endAt":"2026-02-28T00:00:00Z"}}""", 0)]
    public async Task A_filter_says_whose_records_there_are(string filter, int records)
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { CallsPer20Seconds = null, TimeProvider = new FakeTimeProvider(At("2026-03-02T10:00:00Z")) });
        using var client = await SandboxClient.ConnectAsync(marketo);

        string id = await CreateAsync(client, "{\"fields\":[\"id\"],\"filter\":" + filter + "}");
        await EnqueueAsync(client, id);

        Assert.Equal(records, (await CompleteAsync(client, id)).GetProperty("numberOfRecords").GetInt32());
    }

    [Theory]
    [InlineData("""{"fields":["id"]}""", "1003")]
    [InlineData("""{"fields":["id"],"filter":{}}""", "1003")]
    [InlineData("""{"fields":["id"],"filter":{"staticListId":1021,"staticListName":"Newsletter"}}""", "1003")]
    [InlineData("""{"filter":{"staticListId":1021}}""", "1003")]
    [InlineData("""{"fields":[],"filter":{"staticListId":1021}}""", "1003")]
    [InlineData("""{"fields":["shoeSize"],"filter":{"staticListId":1021}}""", "1006")]
    [InlineData("""{"fields":["id"],"format":"XML","filter":{"staticListId":1021}}""", "1003")]
    [InlineData("""{"fields":["id"],"filter":{"staticListId":7}}""", "1013")]
    [InlineData("""{"fields":["id"],"filter":{"staticListName":"Nobody"}}""", "1013")]
    [InlineData("""{"fields":["id"],"filter":{"smartListId":7}}""", "1035")]
    [InlineData("""{"fields":["id"],"filter":{"createdAt":{"startAt":"2026-01-01T00:00:00Z","endAt":"2026-02-02T00:00:00Z"}}}""", "1003")]
    [InlineData("""{"fields":["id"],"columnHeaderNames":{"email":"Mail"},"filter":{"staticListId":1021}}""", "1003")]
    [InlineData("""{"fields":["id" """, "609")]
    [InlineData("fields=id", "612")]
    public async Task A_job_that_Marketo_would_refuse_is_refused(string body, string code)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal(code, SandboxClient.ErrorOf(await client.CallAsync("POST", "/bulk/v1/leads/export/create.json", body)));
        Assert.Empty((await client.CallAsync("GET", "/bulk/v1/leads/export.json")).GetProperty("result").EnumerateArray());
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=10-", 10, null)]
    [InlineData("bytes=-5", -5, null)]
    [InlineData("bytes=100-99999999", 100, null)]
    public async Task A_part_of_the_file_can_be_asked_for(string range, int from, int? to)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);
        string id = await CreateAsync(client, """{"fields":["id","email"],"filter":{"staticListId":1022}}""");
        await EnqueueAsync(client, id);
        await CompleteAsync(client, id);
        using var whole = await FileAsync(client, id);
        byte[] all = await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        int start = from < 0 ? all.Length + from : from, end = to ?? all.Length;

        using var response = await FileAsync(client, id, range);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(all[start..end], await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"bytes {start}-{end - 1}/{all.Length}", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task A_part_behind_the_end_is_refused_by_HTTP()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);
        string id = await CreateAsync(client, """{"fields":["id"],"filter":{"staticListId":1022}}""");
        await EnqueueAsync(client, id);
        await CompleteAsync(client, id);

        using var response = await FileAsync(client, id, "bytes=999999-");

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.StartsWith("bytes */", response.Content.Headers.ContentRange!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_moves_once_a_minute_and_the_file_is_there_only_with_Completed()
    {
        var time = new FakeTimeProvider(At("2026-03-02T10:00:00Z"));
        using var marketo = SandboxInstance.Start(new SandboxOptions
        {
            CallsPer20Seconds = null, TimeProvider = time, ExportDuration = TimeSpan.FromSeconds(70), ExportStatusInterval = TimeSpan.FromMinutes(1),
        });
        using var client = await SandboxClient.ConnectAsync(marketo);
        string id = await CreateAsync(client, """{"fields":["id"],"filter":{"staticListId":1022}}""");
        Assert.Equal("Created", (await StatusAsync(client, id)).GetProperty("status").GetString());
        Assert.Equal("1003", await FileErrorAsync(client, id));

        await EnqueueAsync(client, id);
        Assert.Equal("1003", SandboxClient.ErrorOf(await client.CallAsync("POST", $"/bulk/v1/leads/export/{id}/enqueue.json")));
        await UntilAsync(client, "Processing", id);
        time.Advance(TimeSpan.FromSeconds(75));
        var processing = await StatusAsync(client, id);
        Assert.Equal("Processing", processing.GetProperty("status").GetString());
        Assert.Equal("2026-03-02T10:00:00Z", processing.GetProperty("startedAt").GetString());
        Assert.False(processing.TryGetProperty("finishedAt", out _));
        Assert.False(processing.TryGetProperty("fileSize", out _));
        Assert.Equal("1003", await FileErrorAsync(client, id));

        time.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal("Processing", (await StatusAsync(client, id)).GetProperty("status").GetString());
        time.Advance(TimeSpan.FromSeconds(1));
        await CompleteAsync(client, id);
    }

    [Fact]
    public async Task Two_jobs_run_ten_are_taken_and_a_cancelled_one_makes_room()
    {
        var time = new FakeTimeProvider(At("2026-03-02T10:00:00Z"));
        using var marketo = SandboxInstance.Start(new SandboxOptions { CallsPer20Seconds = null, TimeProvider = time, ExportDuration = TimeSpan.FromHours(1) });
        using var client = await SandboxClient.ConnectAsync(marketo);
        var ids = new List<string>();
        for (int i = 0; i < 11; i++) ids.Add(await CreateAsync(client, """{"fields":["id"],"filter":{"staticListId":1022}}"""));
        foreach (string id in ids.Take(10)) await EnqueueAsync(client, id);
        Assert.Equal("1029", SandboxClient.ErrorOf(await client.CallAsync("POST", $"/bulk/v1/leads/export/{ids[10]}/enqueue.json")));

        var processing = await CountAsync(client, "processing", 2);
        Assert.Equal(8, (await JobsAsync(client, "queued")).Length);
        Assert.Equal([ids[10]], await JobsAsync(client, "created"));
        foreach (string id in processing)
        {
            var cancelled = await client.CallAsync("POST", $"/bulk/v1/leads/export/{id}/cancel.json");
            Assert.Equal("Cancelled", cancelled.GetProperty("result")[0].GetProperty("status").GetString());
            Assert.Equal("1003", SandboxClient.ErrorOf(await client.CallAsync("POST", $"/bulk/v1/leads/export/{id}/cancel.json")));
        }

        Assert.Empty(processing.Intersect(await CountAsync(client, "processing", 2)));
        await EnqueueAsync(client, ids[10]);
        Assert.Equal(11, (await JobsAsync(client, "")).Length);
    }

    [Fact]
    public async Task Past_the_days_bytes_no_job_is_taken_until_midnight_in_Chicago()
    {
        var time = new FakeTimeProvider(At("2026-03-02T23:00:00-06:00"));
        using var marketo = SandboxInstance.Start(new SandboxOptions { CallsPer20Seconds = null, TimeProvider = time, DailyExportBytes = 100 });
        using var client = await SandboxClient.ConnectAsync(marketo);
        const string Everybody = """{"fields":["id"],"filter":{"staticListId":1022}}""";
        string first = await CreateAsync(client, Everybody), second = await CreateAsync(client, Everybody);
        await EnqueueAsync(client, first);
        await CompleteAsync(client, first);

        Assert.Equal("1029", SandboxClient.ErrorOf(await client.CallAsync("POST", $"/bulk/v1/leads/export/{second}/enqueue.json")));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("1029", SandboxClient.ErrorOf(await client.CallAsync("POST", $"/bulk/v1/leads/export/{second}/enqueue.json")));
        time.Advance(TimeSpan.FromMinutes(1));
        using var again = await SandboxClient.ConnectAsync(marketo);
        await EnqueueAsync(again, second);
    }

    [Fact]
    public async Task A_job_whose_list_is_deleted_fails_and_says_why()
    {
        var time = new FakeTimeProvider(At("2026-03-02T10:00:00Z"));
        using var marketo = SandboxInstance.Start(new SandboxOptions { CallsPer20Seconds = null, TimeProvider = time });
        using var client = await SandboxClient.ConnectAsync(marketo);
        string id = await CreateAsync(client, """{"fields":["id"],"filter":{"staticListId":1022}}""");
        marketo.DeleteStaticList(1022);

        await EnqueueAsync(client, id);

        var job = await UntilAsync(client, "Failed", id);
        Assert.NotEmpty(job.GetProperty("errorMsg").GetString()!);
        Assert.Equal("1003", await FileErrorAsync(client, id));
    }

    [Fact]
    public async Task A_job_that_nobody_created_is_not_found()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal("1013", SandboxClient.ErrorOf(await client.CallAsync("GET", $"/bulk/v1/leads/export/{Guid.NewGuid()}/status.json")));
    }

    [Fact]
    public async Task Who_may_not_write_people_may_extract_them()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { HasReadWriteLead = false, HasReadWriteAssets = false });
        using var client = await SandboxClient.ConnectAsync(marketo);

        string id = await CreateAsync(client, """{"fields":["id"],"filter":{"staticListId":1022}}""");
        await EnqueueAsync(client, id);

        await CompleteAsync(client, id);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    private static async Task<string> CreateAsync(SandboxClient client, string body)
    {
        var answer = await client.CallAsync("POST", "/bulk/v1/leads/export/create.json", body);
        Assert.Null(SandboxClient.ErrorOf(answer));
        string id = answer.GetProperty("result")[0].GetProperty("exportId").GetString()!;
        Assert.True(Guid.TryParse(id, out _));
        return id;
    }

    private static async Task<JsonElement> EnqueueAsync(SandboxClient client, string id)
    {
        var answer = await client.CallAsync("POST", $"/bulk/v1/leads/export/{id}/enqueue.json");
        Assert.Null(SandboxClient.ErrorOf(answer));
        return answer.GetProperty("result")[0];
    }

    private static async Task<JsonElement> StatusAsync(SandboxClient client, string id) =>
        (await client.CallAsync("GET", $"/bulk/v1/leads/export/{id}/status.json")).GetProperty("result")[0];

    private static Task<JsonElement> CompleteAsync(SandboxClient client, string id) => UntilAsync(client, "Completed", id);

    private static async Task<JsonElement> UntilAsync(SandboxClient client, string status, string id)
    {
        for (int i = 0; ; i++)
        {
            var job = await StatusAsync(client, id);
            if (job.GetProperty("status").GetString() == status) return job;
            Assert.True(i < 90, $"{job}");
            await Task.Delay(20 * (i + 1), TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string[]> JobsAsync(SandboxClient client, string status) =>
        [.. (await client.CallAsync("GET", "/bulk/v1/leads/export.json" + (status.Length == 0 ? "" : "?status=" + status)))
            .GetProperty("result").EnumerateArray().Select(job => job.GetProperty("exportId").GetString()!)];

    private static async Task<string[]> CountAsync(SandboxClient client, string status, int count)
    {
        for (int i = 0; ; i++)
        {
            string[] jobs = await JobsAsync(client, status);
            if (jobs.Length == count) return jobs;
            Assert.True(i < 50);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static Task<HttpResponseMessage> FileAsync(SandboxClient client, string id, string? range = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/bulk/v1/leads/export/{id}/file.json");
        if (range is not null) request.Headers.Range = RangeHeaderValue.Parse(range);
        return client.SendAsync(request);
    }

    private static async Task<string?> FileErrorAsync(SandboxClient client, string id) =>
        SandboxClient.ErrorOf(await client.CallAsync("GET", $"/bulk/v1/leads/export/{id}/file.json"));
}
