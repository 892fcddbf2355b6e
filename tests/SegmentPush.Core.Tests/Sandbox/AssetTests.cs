using System.Text.Json;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Sandbox;

/// <summary>The sandbox's static lists as assets, and its folders.</summary>
public sealed class AssetTests
{
    private const string GroupLists = """{"id":42,"type":"Folder"}""";

    [Theory]
    [InlineData(GroupLists, null)]
    [InlineData("""{"id":1034,"type":"Program"}""", "Webinar EMEA 2026")]
    public async Task A_created_list_is_at_once_a_list_that_people_can_be_added_to(string folder, string? program)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        var created = (await client.CallAsync("POST", "/rest/asset/v1/staticLists.json", Form("Über & Co.", folder, "Who came"))).GetProperty("result")[0];

        int id = created.GetProperty("id").GetInt32();
        Assert.Equal("Über & Co.", created.GetProperty("name").GetString());
        Assert.Equal("Who came", created.GetProperty("description").GetString());
        Assert.Equal(folder, created.GetProperty("folder").GetRawText());
        Assert.Equal(["added"], SandboxClient.StatusesOf(await client.CallAsync("POST", $"/rest/v1/lists/{id}/leads.json?id=1001")));
        Assert.Equal([1001], marketo.GetMembers(id));
        var list = (await client.CallAsync("GET", $"/rest/v1/lists/{id}.json")).GetProperty("result")[0];
        Assert.Equal("Über & Co.", list.GetProperty("name").GetString());
        Assert.Equal(program, list.TryGetProperty("programName", out var name) ? name.GetString() : null);
        Assert.Equal(id, Assert.Single(Ids(await client.CallAsync("GET", $"/rest/asset/v1/staticList/{id}.json"))));
        Assert.Equal(id, Assert.Single(Ids(await client.CallAsync("GET", "/rest/asset/v1/staticList/byName.json?name=" + Uri.EscapeDataString("Über & Co.")))));
        Assert.Contains(id, Ids(await client.CallAsync("GET", "/rest/asset/v1/staticLists.json?folder=" + Uri.EscapeDataString(folder))));
        Assert.Empty(marketo.Violations);
    }

    [Fact]
    public async Task A_name_that_the_folder_has_already_is_refused_and_another_folder_may_have_it()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal("709", SandboxClient.ErrorOf(await client.CallAsync("POST", "/rest/asset/v1/staticLists.json", Form("Newsletter", GroupLists))));
        Assert.Null(SandboxClient.ErrorOf(await client.CallAsync("POST", "/rest/asset/v1/staticLists.json", Form("Newsletter", """{"id":1034,"type":"Program"}"""))));
        Assert.Equal(2, Ids(await client.CallAsync("GET", "/rest/asset/v1/staticList/byName.json?name=Newsletter")).Length);
    }

    [Theory]
    [InlineData("New", """{"id":41,"type":"Folder"}""", "702")]
    [InlineData("New", """{"id":42,"type":"Program"}""", "702")]
    [InlineData("New", "42", "1001")]
    [InlineData("New", "Group Lists", "1001")]
    [InlineData("New", """{"id":"42","type":"Folder"}""", "1001")]
    [InlineData("New", """{"id":42,"type":"folder"}""", "1001")]
    [InlineData("New", "", "701")]
    [InlineData(" ", GroupLists, "701")]
    public async Task A_list_without_a_name_or_a_folder_that_is_there_is_not_created(string name, string folder, string code)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal(code, SandboxClient.ErrorOf(await client.CallAsync("POST", "/rest/asset/v1/staticLists.json", Form(name, folder))));

        Assert.Equal("1021 1022", string.Join(' ', Ids(await client.CallAsync("GET", "/rest/v1/lists.json"))));
    }

    [Fact]
    public async Task A_list_is_created_by_a_form_and_not_by_JSON()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        var answer = await client.CallAsync("POST", "/rest/asset/v1/staticLists.json", """{"name":"New","folder":{"id":42,"type":"Folder"}}""");

        Assert.Equal("612", SandboxClient.ErrorOf(answer));
    }

    [Fact]
    public async Task Who_may_not_write_assets_reads_them_and_still_writes_people()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { HasReadWriteAssets = false });
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal("603", SandboxClient.ErrorOf(await client.CallAsync("POST", "/rest/asset/v1/staticLists.json", Form("New", GroupLists))));
        Assert.Equal(1022, Assert.Single(Ids(await client.CallAsync("GET", "/rest/asset/v1/staticList/1022.json"))));
        Assert.Equal(["added"], SandboxClient.StatusesOf(await client.CallAsync("POST", "/rest/v1/lists/1021/leads.json?id=1001")));
    }

    [Theory]
    [InlineData("/rest/asset/v1/staticList/7.json")]
    [InlineData("/rest/asset/v1/staticList/byName.json?name=newsletter")]
    [InlineData("/rest/asset/v1/staticLists.json?offset=2")]
    [InlineData("/rest/asset/v1/folder/42.json?type=Program")]
    [InlineData("/rest/asset/v1/folder/byName.json?name=Group")]
    public async Task Finding_nothing_is_a_success_with_a_warning_and_no_result(string address)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        var answer = await client.CallAsync("GET", address);

        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.False(answer.TryGetProperty("result", out _));
        Assert.Equal("No assets found for the given search criteria.", answer.GetProperty("warnings")[0].GetString());
    }

    [Theory]
    [InlineData("/rest/asset/v1/folders.json", "1 15 9 42")]
    [InlineData("/rest/asset/v1/folders.json?maxDepth=1", "1 9")]
    [InlineData("/rest/asset/v1/folders.json?maxDepth=3", "1 15 1034 9 42")]
    [InlineData("/rest/asset/v1/folders.json?maxDepth=3&offset=1&maxReturn=2", "15 1034")]
    [InlineData("/rest/asset/v1/folders.json?root=%7B%22id%22%3A9%2C%22type%22%3A%22Folder%22%7D", "42")]
    [InlineData("/rest/asset/v1/folder/byName.json?name=Group%20Lists", "42")]
    [InlineData("/rest/asset/v1/folder/byName.json?name=Webinar%20EMEA%202026&type=Program&workSpace=Default", "1034")]
    [InlineData("/rest/asset/v1/folder/42.json?type=Folder", "42")]
    public async Task Folders_are_found_by_name_id_and_place(string address, string ids)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal(ids, string.Join(' ', Ids(await client.CallAsync("GET", address))));
    }

    [Theory]
    [InlineData("/rest/asset/v1/staticLists.json?maxReturn=201", "1003")]
    [InlineData("/rest/asset/v1/staticLists.json?earliestUpdatedAt=soon", "704")]
    [InlineData("/rest/asset/v1/folder/42.json", "701")]
    [InlineData("/rest/asset/v1/folder/byName.json?name=Group%20Lists&type=Zone", "1001")]
    public async Task A_search_that_Marketo_would_refuse_is_refused(string address, string code)
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        Assert.Equal(code, SandboxClient.ErrorOf(await client.CallAsync("GET", address)));
    }

    [Fact]
    public async Task Lists_are_read_twenty_at_a_time()
    {
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);
        for (int i = 0; i < 30; i++) marketo.AddStaticList($"List {i}");

        Assert.Equal(20, Ids(await client.CallAsync("GET", "/rest/asset/v1/staticLists.json")).Length);
        Assert.Equal(12, Ids(await client.CallAsync("GET", "/rest/asset/v1/staticLists.json?offset=20")).Length);
        Assert.Equal(32, Ids(await client.CallAsync("GET", "/rest/asset/v1/staticLists.json?maxReturn=200")).Length);
    }

    private static string Form(string name, string folder, string? description = null) =>
        $"name={Uri.EscapeDataString(name)}&folder={Uri.EscapeDataString(folder)}"
        + (description is null ? "" : $"&description={Uri.EscapeDataString(description)}");

    private static int[] Ids(JsonElement answer) => [.. answer.GetProperty("result").EnumerateArray().Select(item => item.GetProperty("id").GetInt32())];
}
