using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Running;

/// <summary>How a scenario went.</summary>
/// <param name="Scenario">The scenario with all that chance drew for it while it ran, so that it can be run again without chance.</param>
/// <param name="Violations">The promises that were not kept, in order; none where all is well.</param>
/// <param name="Log">What happened.</param>
internal sealed partial record Result(Scenario Scenario, IReadOnlyList<Violation> Violations, IReadOnlyList<string> Log)
{
    /// <summary>What happened to people in Marketo.</summary>
    public IReadOnlyList<Happening> History { get; init; } = [];

    /// <summary>What the pushes say of people, one list for each day.</summary>
    public IReadOnlyList<IReadOnlyList<PersonSeen>> Outcomes { get; init; } = [];

    /// <summary>The first violation's kind; null where all is well.</summary>
    public string? Kind => Violations.Count == 0 ? null : Violations[0].Kind;

    /// <summary>A digest of the verdict and of all that happened: the same for two runs of one scenario by the same code.</summary>
    public string Digest()
    {
        IEnumerable<object> all = [.. Violations, .. Log, .. History, .. Outcomes.SelectMany(day => day), ScenarioText.Write(Scenario)];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AnyId().Replace(string.Join('\n', all), "id"))))[..16];
    }

    // Ids of pushes and boundaries of uploads are random.
    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")]
    private static partial Regex AnyId();
}
