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

        var violated = await connection.Governance.FindViolationAsync(labels, dataset, ["workEmail.address", "identityMap"], PlatformFixture.Stop);

        Assert.Equal(isViolated ? ["No emails"] : null, violated?.Policies);
    }

    [Theory]
    [InlineData("C2", "labels of the audience (core/C2)")]
    [InlineData("C3", "labels of the exported fields (C3 /workEmail/address)")]
    [InlineData("C2 C3", "labels of the audience (core/C2) and labels of the exported fields (C3 /workEmail/address)")]
    public async Task A_violation_names_the_labels_that_are_forbidden_and_who_has_them(string policy, string labels)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        string dataset = await connection.Datasets.GetOrCreateAsync(PlatformFixture.Stop);
        fixture.Platform.AddFieldLabel("workEmail.address", "C3");
        fixture.Platform.AddPolicy("No emails", policy.Split(' '));

        var violated = await connection.Governance.FindViolationAsync(["core/C2"], dataset, ["workEmail.address", "identityMap"], PlatformFixture.Stop);

        Assert.Equal(labels, violated!.Labels.English);
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

        var error = await Assert.ThrowsAsync<PlatformException>(() => connection.Governance.FindViolationAsync(["core/C2"], null, [], PlatformFixture.Stop));

        Assert.Equal("AnswerNotUnderstood", error.ErrorId);
    }
}
