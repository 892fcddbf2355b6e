using System.Text.Json;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Sandbox;

/// <summary>The sandbox's lists: who is added, removed, on them, and read page by page.</summary>
public sealed class MembershipTests
{
    [Theory]
    [InlineData("/rest/v1/lists/1022/leads.json", """{"input":[{"id":1001},{"id":2999},{"id":1}]}""")]
    [InlineData("/rest/v1/lists/1022/leads.json?id=1001,2999&id=1", null)]
    public async Task Removing_says_of_each_person_whether_they_were_on_the_list(string address, string? body)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        var answer = await client.CallAsync("DELETE", address, body);

        Assert.Equal(["removed", "skipped 1015", "skipped 1004"], SandboxClient.StatusesOf(answer));
        Assert.DoesNotContain(1001, marketo.GetMembers(1022));
        Assert.Contains(1002, marketo.GetMembers(1022));
    }

    [Fact]
    public async Task Asking_who_is_on_a_list_changes_nothing()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);
        var before = marketo.GetMembers(1022);

        var answer = await client.CallAsync("GET", "/rest/v1/lists/1022/leads/ismember.json?id=1001,2999&id=1");

        Assert.Equal(["memberof", "notmemberof", "skipped 1004"], SandboxClient.StatusesOf(answer));
        Assert.Equal(before, marketo.GetMembers(1022));
    }

    [Theory]
    [InlineData("DELETE", "/rest/v1/lists/9/leads.json?id=1001", null, "1013")]
    [InlineData("GET", "/rest/v1/lists/9/leads/ismember.json?id=1001", null, "1013")]
    [InlineData("DELETE", "/rest/v1/lists/1022/leads.json", null, "1003")]
    [InlineData("DELETE", "/rest/v1/lists/1022/leads.json?id=ann", null, "1001")]
    [InlineData("DELETE", "/rest/v1/lists/1022/leads.json", """{"input":[{"id":"1001"}]}""", "1001")]
    [InlineData("DELETE", "/rest/v1/lists/1022/leads.json", """{"ids":[1001]}""", "609")]
    public async Task A_call_that_Marketo_would_refuse_is_refused(string method, string address, string? body, string code)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);
        var before = marketo.GetMembers(1022);

        Assert.Equal(code, SandboxClient.ErrorOf(await client.CallAsync(method, address, body)));
        Assert.Equal(before, marketo.GetMembers(1022));
    }

    [Fact]
    public async Task More_than_300_ids_are_refused_and_noted_against_the_client()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        var answer = await client.CallAsync("DELETE", "/rest/v1/lists/1022/leads.json?id=" + string.Join(',', Enumerable.Range(1001, 301)));

        Assert.Equal("1003", SandboxClient.ErrorOf(answer));
        Assert.NotEmpty(marketo.Violations);
    }

    [Fact]
    public async Task What_others_do_to_people_and_lists_shows_in_the_next_answer()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.True(marketo.RemoveFromList(1022, 1001));
        Assert.False(marketo.RemoveFromList(1022, 1001));
        Assert.True(marketo.AddToList(1022, 2999));
        Assert.True(marketo.DeletePerson(1002));
        marketo.UpdatePerson(1003, new Dictionary<string, object?> { ["firstName"] = "Zoë", ["lastName"] = null });

        var answer = await client.CallAsync("GET", "/rest/v1/lists/1022/leads/ismember.json?id=1001,2999,1002,1003");
        Assert.Equal(["notmemberof", "memberof", "skipped 1004", "memberof"], SandboxClient.StatusesOf(answer));
        var found = await client.CallAsync("GET", "/rest/v1/leads.json?filterType=id&filterValues=1002,1003&fields=firstName,lastName");
        var person = Assert.Single(found.GetProperty("result").EnumerateArray());
        Assert.Equal("Zoë", person.GetProperty("firstName").GetString());
        Assert.Equal(JsonValueKind.Null, person.GetProperty("lastName").ValueKind);
        Assert.Empty((await client.CallAsync("GET", "/rest/v1/leads.json?filterType=email&filterValues=person2@example.com")).GetProperty("result").EnumerateArray());

        Assert.True(marketo.DeleteStaticList(1022));
        Assert.Equal("1013", SandboxClient.ErrorOf(await client.CallAsync("GET", "/rest/v1/lists/1022/leads.json")));
    }

    [Fact]
    public async Task A_list_read_page_by_page_has_everybody_once_though_people_leave_meanwhile()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 3000, CallsPer20Seconds = null });
        marketo.SetMembers(1021, Enumerable.Range(1001, 3000));
        using var client = await SandboxClient.ConnectAsync(marketo);

        var ids = new List<int>();
        string? token = null;
        do
        {
            var page = await client.CallAsync("GET", "/rest/v1/lists/1021/leads.json?fields=id" + (token is null ? "" : "&nextPageToken=" + token));
            ids.AddRange(page.GetProperty("result").EnumerateArray().Select(person => person.GetProperty("id").GetInt32()));
            foreach (int id in ids.Where(marketo.GetMembers(1021).Contains).Take(250).ToArray()) marketo.RemoveFromList(1021, id);
            token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        Assert.Equal(Enumerable.Range(1001, 3000), ids);
    }

    [Theory]
    [InlineData("POST", "/rest/v1/leads.json", """{"input":[{"email":"new@example.com"}]}""")]
    [InlineData("POST", "/rest/v1/lists/1021/leads.json?id=1001", null)]
    [InlineData("DELETE", "/rest/v1/lists/1022/leads.json?id=1001", null)]
    [InlineData("POST", "/bulk/v1/leads.json?format=csv", "{}")]
    public async Task Who_may_not_write_people_reads_only(string method, string address, string? body)
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { HasReadWriteLead = false });
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal("603", SandboxClient.ErrorOf(await client.CallAsync(method, address, body)));

        Assert.Equal(3000, marketo.PersonCount);
        Assert.Empty(marketo.GetMembers(1021));
        Assert.Contains(1001, marketo.GetMembers(1022));
        foreach (string read in new[] { "/rest/v1/leads.json?filterType=id&filterValues=1001", "/rest/v1/lists/1022/leads.json", "/rest/v1/lists/1022/leads/ismember.json?id=1001" })
            Assert.Null(SandboxClient.ErrorOf(await client.CallAsync("GET", read)));
        Assert.Null(SandboxClient.ErrorOf(await client.CallAsync("POST", "/rest/v1/leads.json?_method=GET", "filterType=id&filterValues=1001")));
    }

    [Theory]
    [InlineData(false, "added")]
    [InlineData(true, "memberof")]
    public async Task Adding_a_member_again_is_answered_as_the_instance_is_made(bool reveals, string status)
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { RevealExistingMembers = reveals });
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal([status], SandboxClient.StatusesOf(await client.CallAsync("POST", "/rest/v1/lists/1022/leads.json?id=1001")));
    }
}
