using System.Globalization;
using System.Security;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Benchmarks;

/// <summary>How much of the pace that Marketo permits a push uses, counted by the server with Marketo's real limits.</summary>
internal static class Pace
{
    private const int Times = 10;
    private const int Limit = 100;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_call = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs a push for a little more than two of the clock's minutes.</summary>
    /// <returns>Share of the permitted calls, and how many were refused as too many.</returns>
    public static async Task<(double Share, int Refused)> MeasureAsync(string folder)
    {
        var time = new CompressedTime(Times);
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, TimeProvider = time, DailyCalls = null });
        marketo.Inject(SandboxFault.Delay(s_call / Times));
        var secret = new SecureString();
        foreach (char c in marketo.Options.ClientSecret) secret.AppendChar(c);
        using var connection = await MarketoConnection.ConnectAsync(new MarketoConnectionOptions
        {
            Endpoint = marketo.Endpoint,
            ClientId = marketo.Options.ClientId,
            ClientSecret = secret,
            CallsPer20Seconds = Limit,
            MaxConcurrency = 10,
            CallTimeout = TimeSpan.FromHours(1),
            TimeProvider = time,
        });
        using var stop = new CancellationTokenSource((s_window + TimeSpan.FromSeconds(30)) / Times);
        var options = new PushOptions
        {
            Connection = connection,
            StaticList = StaticListReference.Parse("1021"),
            Mapping = [new("email", "email", "Email")],
            PersonCreation = PersonCreation.MatchExisting,
            ExistingPeople = ExistingPeople.Keep,
            Delivery = Delivery.Sync,
            Journal = Path.Combine(folder, "pace"),
        };
        var source = PushSource.Pipeline(options.Journal, ["email"]);
        for (int i = 0; i < 300 * 1000; i++) source.Spool!.Add([string.Create(CultureInfo.InvariantCulture, $"nobody{i}@example.com")], "");
        source.Spool!.Complete();
        await foreach (var _ in Push.RunAsync(options, [source], stop.Token))
        {
        }

        var calls = marketo.Calls.Where(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)).Select(call => call.Started).Order().ToArray();
        double permitted = Limit * (s_window / TimeSpan.FromSeconds(20));
        return (calls.Count(at => at < calls[0] + s_window) / permitted, marketo.Calls.Count(call => call.Code is "606" or "615"));
    }
}
