namespace SegmentPush.Simulation.Running;

/// <summary>A promise that was not kept.</summary>
/// <param name="Kind">Which one, as a short stable word; failures of one kind are told apart by nothing else.</param>
/// <param name="Day">The day, from 1.</param>
/// <param name="Text">What was, and what should be.</param>
internal sealed record Violation(string Kind, int Day, string Text)
{
    public override string ToString() => $"day {Day}: {Kind}: {Text}";
}
