using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Sandbox;

/// <summary>Plain HTTP against a sandbox, without anything of the product.</summary>
internal sealed class SandboxClient : IDisposable
{
    private readonly HttpClient _http;

    private SandboxClient(HttpClient http) => _http = http;

    public static async Task<SandboxClient> ConnectAsync(SandboxInstance marketo)
    {
        var http = new HttpClient { BaseAddress = marketo.Endpoint };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = marketo.Options.ClientId, ["client_secret"] = marketo.Options.ClientSecret,
        });
        using var granted = await http.PostAsync("identity/oauth/token", form, TestContext.Current.CancellationToken);
        using var grant = JsonDocument.Parse(await granted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", grant.RootElement.GetProperty("access_token").GetString());
        return new SandboxClient(http);
    }

    /// <summary>Calls and reads the JSON of the answer.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="address">Path and query.</param>
    /// <param name="body">JSON or, where it does not begin with a brace, a form; null for none.</param>
    public async Task<JsonElement> CallAsync(string method, string address, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, body.StartsWith('{') ? "application/json" : "application/x-www-form-urlencoded");
        using var response = await SendAsync(request);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, TestContext.Current.CancellationToken);

    /// <summary>The code of the error that a call was refused with; null where it succeeded.</summary>
    public static string? ErrorOf(JsonElement answer) =>
        answer.GetProperty("success").GetBoolean() ? null : answer.GetProperty("errors")[0].GetProperty("code").GetString();

    /// <summary>What became of each record: its status, with the code of the reason where there is one.</summary>
    public static string[] StatusesOf(JsonElement answer) => [.. answer.GetProperty("result").EnumerateArray().Select(record =>
        record.GetProperty("status").GetString()
        + (record.TryGetProperty("reasons", out var reasons) ? " " + reasons[0].GetProperty("code").GetString() : ""))];

    public void Dispose() => _http.Dispose();
}
