using System.Security;
using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Marketo;

public sealed class CallFaultTests
{
    private const string Lists = "/rest/v1/lists/1021.json";

    public static TheoryData<string> PassingCodes { get; } = [.. CodesOf(rule => rule.Class is MarketoErrorClass.Wait or MarketoErrorClass.SlowDown)];

    public static TheoryData<string> RefusingCodes { get; } = [.. CodesOf(rule => rule.Class == MarketoErrorClass.RefusePush && rule.Key is not ("610" or "702" or "1013"))];

    public static TheoryData<SandboxFault> BrokenAnswers { get; } =
    [
        SandboxFault.Body("<html><body>Sign in to the proxy</body></html>", "text/html"),
        SandboxFault.Body(""),
        SandboxFault.Body("{\"requestId\":\"1#1\",\"success\":true,\"result\":[{\"id\":"),
        SandboxFault.Body("{\"unexpected\":1}"),
        SandboxFault.BreakBefore(),
        SandboxFault.BreakAfter(),
        SandboxFault.Truncate(),
    ];

    [Theory]
    [MemberData(nameof(PassingCodes))]
    public async Task A_passing_fault_is_waited_out(string code)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(FaultOf(code) with { Path = Lists, Times = 2 });

        Assert.Equal("Webinar EMEA", (await FindAsync(it))?.Name);
        Assert.Equal(3, it.Marketo.Calls.Count(call => call.Path == Lists));
    }

    [Theory]
    [InlineData(429, """{"errors":[{"code":"429","message":"Too many requests"}]}""")]
    [InlineData(502, """{"errors":[{"message":"upstream timeout"}]}""")]
    [InlineData(504, """{"errors":["upstream timeout"]}""")]
    [InlineData(503, """{"success":false,"errors":[]}""")]
    public async Task A_passing_fault_of_a_gateway_is_waited_out_also_where_it_answers_with_errors_of_its_own(int status, string body)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(SandboxFault.HttpStatus(status, body, "application/json") with { Path = Lists, Times = 2 });

        Assert.Equal("Webinar EMEA", (await FindAsync(it))?.Name);
        Assert.Equal(3, it.Marketo.Calls.Count(call => call.Path == Lists));
    }

    [Theory]
    [MemberData(nameof(RefusingCodes))]
    public async Task A_refusal_is_not_repeated_and_says_what_to_do(string code)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(FaultOf(code) with { Path = Lists });

        var error = await Assert.ThrowsAsync<MarketoException>(() => FindAsync(it));

        Assert.Equal(ErrorClasses.All.Single(rule => rule.Key == code).ErrorId, error.ErrorId);
        Assert.NotEmpty(error.RecommendedAction!);
        Assert.Contains("lists", error.Message, StringComparison.Ordinal);
        Assert.Single(it.Marketo.Calls, call => call.Path == Lists);
    }

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task A_read_whose_answer_is_broken_is_repeated(SandboxFault fault)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(fault with { Path = Lists, Times = 1 });

        Assert.Equal("Webinar EMEA", (await FindAsync(it))?.Name);
    }

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task Repeats_end_with_an_error_that_names_the_call_and_holds_nothing_of_the_answer(SandboxFault fault)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(fault with { Path = Lists });

        var error = await Assert.ThrowsAsync<MarketoException>(() => FindAsync(it));

        Assert.Equal(7, error.Attempts);
        Assert.Contains("/rest/v1/lists/1021.json", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy</body>", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_ends_under_ten_calls_is_renewed_once()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime(), concurrency: 10);
        it.Marketo.Inject(SandboxFault.Delay(TimeSpan.FromMilliseconds(30)) with { Path = Lists });
        int before = it.Marketo.TokensMade;
        it.Marketo.InvalidateToken();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => FindAsync(it)));

        Assert.Equal(1, it.Marketo.TokensMade - before);
    }

    [Fact]
    public async Task Too_many_calls_slow_the_pace_and_are_no_error()
    {
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = 10, ConcurrentCalls = 2 }, TimeProvider.System, concurrency: 10);

        var lists = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FindAsync(it)));

        Assert.All(lists, list => Assert.Equal(1021, list?.Id));
    }

    [Fact]
    public async Task Neither_secret_nor_token_is_in_any_URL()
    {
        await using var it = await PushFixture.StartAsync();

        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]);

        Assert.All(it.Marketo.Calls, call =>
        {
            Assert.DoesNotContain(it.Marketo.Options.ClientSecret, call.Path + call.Query, StringComparison.Ordinal);
            Assert.DoesNotContain("token=", call.Query, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Wrong_credentials_fail_at_once_and_are_not_told()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0 });
        using var secret = new SecureString();
        foreach (char c in "hunter2hunter2") secret.AppendChar(c);

        var error = await Assert.ThrowsAsync<MarketoException>(() => MarketoConnection.ConnectAsync(
            new MarketoConnectionOptions { Endpoint = marketo.Endpoint, ClientId = "sandbox-client", ClientSecret = secret },
            TestContext.Current.CancellationToken));

        Assert.Equal("InvalidCredentials", error.ErrorId);
        Assert.Contains("LaunchPoint", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://284-RPR-133.mktorest.com", "https://284-rpr-133.mktorest.com/")]
    [InlineData("https://284-RPR-133.mktorest.com/rest/", "https://284-rpr-133.mktorest.com/")]
    [InlineData("http://127.0.0.1:5000/rest", "http://127.0.0.1:5000/")]
    public void An_endpoint_is_taken_with_or_without_rest(string given, string used) =>
        Assert.Equal(new Uri(used), MarketoConnectionOptions.Normalize(new Uri(given)));

    [Theory]
    [InlineData("http://284-rpr-133.mktorest.com", "EndpointNotSecure")]
    [InlineData("https://user:pass@example.com", "InvalidEndpoint")]
    [InlineData("https://example.com/other", "InvalidEndpoint")]
    [InlineData("https://example.com/rest?access_token=x", "InvalidEndpoint")]
    public void An_endpoint_that_cannot_be_is_refused(string given, string id) =>
        Assert.Equal(id, Assert.Throws<SegmentPushException>(() => MarketoConnectionOptions.Normalize(new Uri(given))).ErrorId);

    private static Task<StaticList?> FindAsync(PushFixture it) => it.Connection.StaticLists.FindAsync(1021, TestContext.Current.CancellationToken);

    private static IEnumerable<string> CodesOf(Func<ErrorRule, bool> wanted) => ErrorClasses.All
        .Where(wanted).Select(rule => rule.Key).Where(key => char.IsAsciiDigit(key[0]) || key.StartsWith("HTTP ", StringComparison.Ordinal));

    private static SandboxFault FaultOf(string code) => code.StartsWith("HTTP ", StringComparison.Ordinal)
        ? SandboxFault.HttpStatus(int.Parse(code[5..], System.Globalization.CultureInfo.InvariantCulture))
        : SandboxFault.Error(code, "Injected");
}
