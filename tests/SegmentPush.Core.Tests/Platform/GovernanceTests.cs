using SegmentPush.Platform;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>The check of labels against data usage policies.</summary>
public sealed class GovernanceTests
{
    private const string BulkEval = "/data/foundation/dulepolicy/bulk-eval";

    [Theory]
    [InlineData(new[] { "core/C2" }, null, "C2", true)]
    [InlineData(new string[0], "C3", "C3", true)]
    [InlineData(new[] { "core/C2" }, "C3", "C2 C3", true)]
    [InlineData(new[] { "core/C2", "custom/Own" }, null, "C2 Own", true)]
    [InlineData(new[] { "core/C2" }, "C4", "C2 C3", false)]
    public async Task A_policy_is_violated_by_labels_of_the_audience_and_of_its_fields_and_by_both_together(string[] labels, string? fieldLabel, string policy, bool isViolated)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        string dataset = await connection.Datasets.GetOrCreateAsync(PlatformFixture.Stop);
        if (fieldLabel is not null) fixture.Platform.AddFieldLabel("workEmail.address", fieldLabel);
        fixture.Platform.AddPolicy("No emails", policy.Split(' '));

        var violated = await connection.Governance.FindViolationsAsync(labels, dataset, ["workEmail.address", "identityMap"], PlatformFixture.Stop);

        Assert.Equal(isViolated ? ["No emails"] : [], violated);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""[{"status":200,"body":{}}]""")]
    [InlineData("""[{"status":500,"error":{"title":"Internal error"}}]""")]
    public async Task A_check_without_a_result_allows_nothing(string answer)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body(answer) with { Path = BulkEval });

        var error = await Assert.ThrowsAsync<PlatformException>(() => connection.Governance.FindViolationsAsync(["core/C2"], null, [], PlatformFixture.Stop));

        Assert.Equal("AnswerNotUnderstood", error.ErrorId);
    }
}
