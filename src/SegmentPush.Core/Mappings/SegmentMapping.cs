namespace SegmentPush.Mappings;

/// <summary>One entry of a mapping: a Marketo field, and the source column or the constant that fills it.</summary>
/// <param name="Source">Name of the column or property in the segment, such as <c>personalEmail.address</c>; empty for a constant.</param>
/// <param name="Target">REST API name of the Marketo field, such as <c>email</c>.</param>
/// <param name="Identity">Namespace of the identity that this entry carries, such as <c>Email</c>; null for an attribute.</param>
public sealed record SegmentMapping(string Source, string Target, string? Identity = null)
{
    /// <summary>The constant that is written for each person, in ISO or invariant form; null for an entry with a source column.</summary>
    public string? Value { get; init; }

    /// <summary>Whether the entry writes a constant.</summary>
    internal bool IsConstant => Value is not null;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(IsConstant ? $"'{Value}'" : Source)} -> {Target}{(Identity is null ? "" : $" ({Identity})")}";

    /// <summary>Makes an entry that writes a constant.</summary>
    /// <param name="value">The constant.</param>
    /// <param name="target">REST API name of the Marketo field.</param>
    internal static SegmentMapping Constant(string value, string target) => new(string.Empty, target) { Value = value };
}
