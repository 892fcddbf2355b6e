using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace SegmentPush.Benchmarks;

/// <summary>
/// What an administrator would script, as its .NET equivalent: every row an object of named properties, made into a
/// hashtable, 300 into JSON, sent one call after the other; ids out of the answer onto the list. No pace and no outcome.
/// </summary>
internal static class Script
{
    public static async Task RunAsync(Uri endpoint, string segment)
    {
        using var http = new HttpClient { BaseAddress = endpoint };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "sandbox-client", ["client_secret"] = "sandbox-secret",
        });
        using var granted = JsonDocument.Parse(await (await http.PostAsync("identity/oauth/token", form)).Content.ReadAsStringAsync());
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", granted.RootElement.GetProperty("access_token").GetString());

        foreach (var rows in File.ReadLines(segment).Skip(1).Select(Split).ToList().Chunk(300))
        {
            var input = rows.Select(row => new Dictionary<string, object> { ["email"] = row[0], ["firstName"] = row[1], ["lastName"] = row[2], ["company"] = row[3] });
            using var answer = await PostAsync("rest/v1/leads.json", new { action = "createOrUpdate", lookupField = "email", input });
            var ids = answer.RootElement.GetProperty("result").EnumerateArray().Select(item => new { id = item.GetProperty("id").GetInt32() }).ToArray();
            using var added = await PostAsync("rest/v1/lists/1021/leads.json", new { input = ids });
        }

        async Task<JsonDocument> PostAsync(string path, object body)
        {
            using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(path, content);
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        }
    }

    private static string[] Split(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[i++]);
            else if (line[i] == '"') isQuoted = !isQuoted;
            else if (line[i] == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(line[i]);
        }

        return [.. cells, cell.ToString()];
    }
}
