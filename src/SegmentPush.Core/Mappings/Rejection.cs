using SegmentPush.Mappings.Values;

namespace SegmentPush.Mappings;

/// <summary>Why a row can't be mapped to a person: all of its faults.</summary>
/// <param name="Code">Stable name of the first cause, such as <c>AddressMalformed</c>.</param>
/// <param name="Reason">A sentence or two for each fault that say what to do; they never hold a value.</param>
/// <param name="Column">The source column of the first fault.</param>
/// <param name="ValueLength">Length of the first value at fault, in characters.</param>
internal sealed record Rejection(string Code, string Reason, string Column, int ValueLength)
{
    /// <summary>The rejection of a row with one fault.</summary>
    public static Rejection Of(ValueFault fault, string column, int valueLength) => new(fault.Code, fault.Reason, column, valueLength);

    /// <summary>Adds the faults of another rejection of the same row.</summary>
    public static Rejection? Join(Rejection? first, Rejection? second) =>
        first is null || second is null ? first ?? second : first with { Reason = $"{first.Reason} {second.Reason}" };
}
