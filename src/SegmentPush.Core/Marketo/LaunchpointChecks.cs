using System.Globalization;

namespace SegmentPush.Marketo;

/// <summary>Checks whether a connection can do what a push needs. Nothing is changed in Marketo.</summary>
/// <param name="connection">The connection.</param>
internal sealed class LaunchpointChecks(MarketoConnection connection)
{
    // Marketo's clock is known to a second or so. Dates that a push compares with it may be off by as much as the clocks differ.
    private static readonly TimeSpan s_clockWarning = TimeSpan.FromMinutes(1), s_clockFailure = TimeSpan.FromMinutes(10);

    /// <summary>Does the checks one after the other.</summary>
    /// <param name="list">The list that must be writable; null to skip that check.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<CheckResult> RunAsync(
        StaticListReference? list, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await TryAsync("Token", () => CheckTokenAsync(cancellation)).ConfigureAwait(false);
        yield return CheckProxy();
        yield return CheckClock();
        yield return await TryAsync("Quota", () => CheckQuotaAsync(cancellation)).ConfigureAwait(false);
        yield return await TryAsync("Permissions", () => CheckPermissionsAsync(cancellation)).ConfigureAwait(false);
        yield return list is null
            ? Result("ListWritable", CheckOutcome.Skipped, "No list was named.", "Give -StaticList to check that one can be written to.")
            : await TryAsync("ListWritable", () => CheckListAsync(list, cancellation)).ConfigureAwait(false);
    }

    /// <summary>What is left of today's calls.</summary>
    public async Task<CheckResult> CheckQuotaAsync(CancellationToken cancellation)
    {
        long used = await connection.ReadCallsTodayAsync(cancellation).ConfigureAwait(false), quota = connection.DailyCallQuota;
        MessageText found = $"{Counted.Number(used)} of {Counted.Calls(quota)} of today are used by all integrations. {DailyQuota.TextOf(connection.QuotaResets)}";
        if (used >= quota) return Result("Quota", CheckOutcome.Failed, found, "Wait for the reset, or give the true quota of the subscription with Connect-MarketoLaunchpoint -DailyCallQuota.");
        return used > quota - connection.DailyCallReserveCalls
            ? Result("Quota", CheckOutcome.Warning, found, "Only the reserve is left, so pushes wait for the reset; Get-MarketoUsage shows who made the calls.")
            : Result("Quota", CheckOutcome.Passed, found);
    }

    private async Task<CheckResult> CheckTokenAsync(CancellationToken cancellation)
    {
        await connection.ReadCallsTodayAsync(cancellation).ConfigureAwait(false);
        return Result("Token", CheckOutcome.Passed, $"Marketo takes the token of {connection.ApiUser}, which expires at {connection.Expires.ToLocalTime():yyyy-MM-dd HH:mm} and is renewed by itself.");
    }

    private CheckResult CheckProxy() => connection.Proxy is { } proxy
        ? Result("Proxy", CheckOutcome.Passed, $"Calls go through the proxy {proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped)}.")
        : Result("Proxy", CheckOutcome.Passed, "Calls go without a proxy.");

    private CheckResult CheckClock()
    {
        var off = connection.Time.GetUtcNow() - connection.MarketoNow;
        long seconds = (long)Math.Abs(off.TotalSeconds);
        var found = off < TimeSpan.Zero
            ? MessageText.Plural(seconds, $"This machine's clock is {seconds:N0} second behind Marketo's.", $"This machine's clock is {seconds:N0} seconds behind Marketo's.")
            : MessageText.Plural(seconds, $"This machine's clock is {seconds:N0} second ahead of Marketo's.", $"This machine's clock is {seconds:N0} seconds ahead of Marketo's.");
        const string Action = "Set the clock of this machine, or let it be set from the network.";
        return off.Duration() > s_clockFailure ? Result("Clock", CheckOutcome.Failed, found, Action)
            : off.Duration() > s_clockWarning ? Result("Clock", CheckOutcome.Warning, found, Action)
            : Result("Clock", CheckOutcome.Passed, found);
    }

    private async Task<CheckResult> CheckPermissionsAsync(CancellationToken cancellation)
    {
        await connection.Facts.DescribeAsync(cancellation).ConfigureAwait(false);
        await connection.StaticLists.CheckWriteAccessAsync(null, cancellation).ConfigureAwait(false);
        return Result("Permissions", CheckOutcome.Passed, $"The API-only user {connection.ApiUser} may read and write people.");
    }

    private async Task<CheckResult> CheckListAsync(StaticListReference reference, CancellationToken cancellation)
    {
        reference.CheckInstance(connection.StaticLists);
        var list = await reference.ResolveAsync(connection.StaticLists, cancellation).ConfigureAwait(false);
        await connection.StaticLists.CheckWriteAccessAsync(list.Id, cancellation).ConfigureAwait(false);
        return Result("ListWritable", CheckOutcome.Passed, $"The static list '{list.Name}' ({list.Id}) can be written to.");
    }

    private async Task<CheckResult> TryAsync(string check, Func<Task<CheckResult>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (SegmentPushException error)
        {
            return CheckResult.Of(connection.Instance, check, error);
        }
    }

    private CheckResult Result(string check, CheckOutcome outcome, MessageText detail, MessageText? action = null) =>
        new() { Target = connection.Instance, Check = check, Outcome = outcome, Detail = detail.ToString(), Action = action?.ToString() };
}
