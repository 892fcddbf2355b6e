namespace SegmentPush.Mappings;

/// <summary>Why a row cannot be mapped to a person.</summary>
/// <param name="Code">Stable name of the cause, such as <c>AddressMalformed</c>.</param>
/// <param name="Reason">A sentence that says what to do; it never holds the value.</param>
/// <param name="Column">The source column at fault.</param>
/// <param name="ValueLength">Length of the value at fault, in characters.</param>
internal sealed record Rejection(string Code, string Reason, string Column, int ValueLength);
