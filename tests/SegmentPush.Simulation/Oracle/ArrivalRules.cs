using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>A push that brings nobody to the list, or most of whose rows are rejected, must not look like a success.</summary>
internal static class ArrivalRules
{
    /// <summary>Whether an error says that too few people arrived.</summary>
    public static bool IsTold(string? errorId) => errorId is "NobodyArrived" or "TooManyRejected";

    /// <summary>Whether such an error may be told of a day's segment.</summary>
    public static bool MayBeTold(DayRecord record, string? errorId)
    {
        var target = record.World.Scenario.Target;
        var rows = ExpectedRows.Of(record.Day, record.Number, target);
        int rejected = rows.Count(row => row.IsAtFault || row.IsRefused || row.IsOdd);
        return errorId switch
        {
            "NobodyArrived" => rows.Count > 0 && rows.All(row => !row.Counts || row.IsRefused || row.IsOdd || (row.IsIn && IsUnknown(record, row))),
            "TooManyRejected" => rejected * 2 > rows.Count,
            _ => false,
        };
    }

    // Nobody in Marketo has the identity, and nobody may be created.
    private static bool IsUnknown(DayRecord record, ExpectedRow row)
    {
        var target = record.World.Scenario.Target;
        return !target.Creates && record.World.Marketo.People.Values
            .All(person => IdentityKey.Of(target.Identity, person[record.World.IdentityField] ?? string.Empty) != row.Key);
    }
}
