using System.Diagnostics;
using System.Globalization;
using System.Text;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Sandbox;

/// <summary>A million people are no more than usual for the sandbox.</summary>
public sealed class LargeListTests
{
    private const int People = 1_000_000;

    [Fact]
    public async Task A_list_of_a_million_is_one_file_and_its_last_pages_and_removals_are_as_quick_as_its_first()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = People, CallsPer20Seconds = null });
        marketo.SetMembers(1021, Enumerable.Range(1001, People));
        using var client = await SandboxClient.ConnectAsync(marketo);

        await AssertIsOneFileAsync(client);

        // Each of half a million removals that looked through the list would take minutes together.
        var watch = Stopwatch.StartNew();
        await AssertHasLastPageAsync(client);
        for (int i = 0; i < People / 2; i++) Assert.True(marketo.RemoveFromList(1021, (i * 7L % People) + 1001));
        await AssertHasLastPageAsync(client);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
        Assert.Equal(People / 2, marketo.GetMembers(1021).Count);
    }

    private static async Task AssertIsOneFileAsync(SandboxClient client)
    {
        var created = await client.CallAsync("POST", "/bulk/v1/leads/export/create.json", """{"fields":["id"],"filter":{"staticListId":1021}}""");
        string address = $"/bulk/v1/leads/export/{created.GetProperty("result")[0].GetProperty("exportId").GetString()}/";
        await client.CallAsync("POST", address + "enqueue.json");
        while ((await client.CallAsync("GET", address + "status.json")).GetProperty("result")[0].GetProperty("status").GetString() != "Completed")
            await Task.Delay(100, TestContext.Current.CancellationToken);

        using var request = new HttpRequestMessage(HttpMethod.Get, address + "file.json");
        using var response = await client.SendAsync(request);
        using var file = new StringReader(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("id", file.ReadLine());
        for (int i = 1; i <= People; i++)
        {
            if (file.ReadLine() != (1000 + i).ToString(CultureInfo.InvariantCulture)) Assert.Fail($"Row {i} is another person's.");
        }

        Assert.Null(file.ReadLine());
    }

    private static async Task AssertHasLastPageAsync(SandboxClient client)
    {
        string token = Convert.ToHexString(Encoding.ASCII.GetBytes((People - 200).ToString("D10", CultureInfo.InvariantCulture)));
        for (int i = 0; i < 20; i++)
        {
            var page = await client.CallAsync("GET", "/rest/v1/lists/1021/leads.json?fields=id&nextPageToken=" + token);
            Assert.InRange(page.GetProperty("result").GetArrayLength(), 80, 200);
            Assert.False(page.TryGetProperty("nextPageToken", out _));
        }
    }
}
