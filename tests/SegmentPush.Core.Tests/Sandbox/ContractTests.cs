using System.Text.Json;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Sandbox;

/// <summary>The sandbox answers in the shapes of Adobe's OpenAPI files, where those stand beside the checkout.</summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData("GET", "/rest/v1/leads/describe2.json", "/rest/v1/leads/describe2.json", null)]
    [InlineData("GET", "/rest/v1/leads/partitions.json", "/rest/v1/leads/partitions.json", null)]
    [InlineData("GET", "/rest/v1/leads.json?filterType=email&filterValues=person1%40example.com&fields=id,email,updatedAt", "/rest/v1/leads.json", null)]
    [InlineData("POST", "/rest/v1/leads.json", "/rest/v1/leads.json", """{"action":"createOrUpdate","lookupField":"email","input":[{"email":"a@example.com"},{"email":"bad"}]}""")]
    [InlineData("GET", "/rest/v1/lists.json", "/rest/v1/lists.json", null)]
    [InlineData("GET", "/rest/v1/lists/1021.json", "/rest/v1/lists/{listId}.json", null)]
    [InlineData("GET", "/rest/v1/lists/1022/leads.json", "/rest/v1/lists/{listId}/leads.json", null)]
    [InlineData("POST", "/rest/v1/lists/1021/leads.json", "/rest/v1/lists/{listId}/leads.json", """{"input":[{"id":1001},{"id":1}]}""")]
    [InlineData("DELETE", "/rest/v1/lists/1022/leads.json", "/rest/v1/lists/{listId}/leads.json", """{"input":[{"id":1001},{"id":2999}]}""")]
    [InlineData("GET", "/rest/v1/lists/1022/leads/ismember.json?id=1001,2999,1", "/rest/v1/lists/{listId}/leads/ismember.json", null)]
    [InlineData("GET", "/rest/v1/stats/usage.json", "/rest/v1/stats/usage.json", null)]
    [InlineData("GET", "/rest/asset/v1/staticLists.json", "/rest/asset/v1/staticLists.json", null)]
    [InlineData("POST", "/rest/asset/v1/staticLists.json", "/rest/asset/v1/staticLists.json", "name=New&folder=%7B%22id%22%3A42%2C%22type%22%3A%22Folder%22%7D")]
    [InlineData("GET", "/rest/asset/v1/staticList/1021.json", "/rest/asset/v1/staticList/{id}.json", null)]
    [InlineData("GET", "/rest/asset/v1/staticList/byName.json?name=Newsletter", "/rest/asset/v1/staticList/byName.json", null)]
    [InlineData("GET", "/rest/asset/v1/folder/byName.json?name=Group%20Lists", "/rest/asset/v1/folder/byName.json", null)]
    [InlineData("GET", "/rest/asset/v1/folder/1034.json?type=Program", "/rest/asset/v1/folder/{id}.json", null)]
    [InlineData("GET", "/rest/asset/v1/folders.json?maxDepth=9", "/rest/asset/v1/folders.json", null)]
    [InlineData("POST", "/bulk/v1/leads/export/create.json", "/bulk/v1/leads/export/create.json", """{"fields":["id"],"filter":{"staticListId":1022}}""")]
    public async Task An_answer_has_nothing_that_the_contract_does_not_declare(string method, string address, string path, string? body)
    {
        using var contract = Contract(path);
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);

        AssertFits(contract, method, path, await client.CallAsync(method, address, body));
        Assert.Empty(marketo.Violations);
    }

    [Fact]
    public async Task An_export_is_told_of_as_the_contract_declares_from_its_beginning_to_its_end()
    {
        const string Job = "/bulk/v1/leads/export/{exportId}/";
        using var contract = Contract(Job);
        using var marketo = SandboxInstance.Start();
        using var client = await SandboxClient.ConnectAsync(marketo);
        var created = await client.CallAsync("POST", "/bulk/v1/leads/export/create.json", """{"fields":["id"],"filter":{"staticListId":1022}}""");
        string id = created.GetProperty("result")[0].GetProperty("exportId").GetString()!;

        AssertFits(contract, "POST", Job + "enqueue.json", await client.CallAsync("POST", $"/bulk/v1/leads/export/{id}/enqueue.json"));
        JsonElement job;
        do
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            job = await client.CallAsync("GET", $"/bulk/v1/leads/export/{id}/status.json");
            AssertFits(contract, "GET", Job + "status.json", job);
        }
        while (job.GetProperty("result")[0].GetProperty("status").GetString() != "Completed");

        created = await client.CallAsync("POST", "/bulk/v1/leads/export/create.json", """{"fields":["id"],"filter":{"staticListId":1022}}""");
        id = created.GetProperty("result")[0].GetProperty("exportId").GetString()!;
        AssertFits(contract, "POST", Job + "cancel.json", await client.CallAsync("POST", $"/bulk/v1/leads/export/{id}/cancel.json"));
        AssertFits(contract, "GET", "/bulk/v1/leads/export.json", await client.CallAsync("GET", "/bulk/v1/leads/export.json?batchSize=1"));
        Assert.Empty(marketo.Violations);
    }

    private static void AssertFits(JsonDocument contract, string method, string path, JsonElement answer)
    {
        var operation = contract.RootElement.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant());
        var schema = Resolve(contract, operation.GetProperty("responses").GetProperty("200").GetProperty("schema"));
        Assert.True(answer.GetProperty("success").GetBoolean(), answer.ToString());
        AssertFits(contract, schema, answer, "answer");
        Assert.True(answer.GetProperty("result").GetArrayLength() > 0);
    }

    private static JsonDocument Contract(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SegmentPush.sln"))) folder = folder.Parent;
        string name = path.StartsWith("/rest/asset/", StringComparison.Ordinal) ? "swagger-asset.json" : "swagger-mapi.json";
        string file = Path.Combine(folder?.Parent?.FullName ?? "", "shared", "contract", name);
        Assert.SkipUnless(File.Exists(file), "Adobe's OpenAPI files are not beside the checkout.");
        return JsonDocument.Parse(File.ReadAllText(file));
    }

    // A lead has the fields that were asked for; its schema can't list them.
    private static void AssertFits(JsonDocument contract, JsonElement schema, JsonElement value, string where)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (schema.TryGetProperty("items", out var items)) AssertFits(contract, Resolve(contract, items), item, where);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var declared) && !IsLead(declared))
        {
            foreach (var property in value.EnumerateObject())
            {
                Assert.True(declared.TryGetProperty(property.Name, out var type), $"{where}.{property.Name} is not in the contract.");
                AssertFits(contract, Resolve(contract, type), property.Value, where + "." + property.Name);
            }
        }
        else
        {
            string? type = schema.TryGetProperty("type", out var t) ? t.GetString() : null;
            Assert.True(
                type switch
                {
                    "integer" or "number" => value.ValueKind == JsonValueKind.Number,
                    "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                    "string" => value.ValueKind == JsonValueKind.String,
                    _ => true,
                },
                $"{where} is {value.ValueKind}, and {type} in the contract.");
        }
    }

    private static bool IsLead(JsonElement properties) => properties.TryGetProperty("membership", out _);

    private static JsonElement Resolve(JsonDocument contract, JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? contract.RootElement.GetProperty("definitions").GetProperty(reference.GetString()!["#/definitions/".Length..])
        : schema;
}
