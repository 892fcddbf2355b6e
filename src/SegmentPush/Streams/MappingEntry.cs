using System.Management.Automation;
using SegmentPush.Mappings;

namespace SegmentPush.Streams;

/// <summary>Makes entries of a mapping out of what a user gave.</summary>
internal static class MappingEntry
{
    /// <summary>Makes an entry.</summary>
    /// <param name="source">The source column; blank for a constant.</param>
    /// <param name="target">The field.</param>
    /// <param name="identity">Namespace of the identity; blank for an attribute.</param>
    /// <param name="value">The constant; null or blank for an entry with a source column.</param>
    /// <exception cref="SegmentPushException">It is no entry (<c>MappingEntryMalformed</c>).</exception>
    public static SegmentMapping Of(object? source, object? target, object? identity, object? value)
    {
        string? from = TextOf(source), to = TextOf(target), name = TextOf(identity), constant = ConstantOf(value);
        if (to is null) throw Malformed(from is null ? (MessageText)"An entry has no target." : $"The entry for the column '{from}' has no target.", "Give the REST API name of the Marketo field.");
        if (from is not null && constant is not null)
            throw Malformed($"The entry for '{to}' has a source and a value.", "Give one of them: a column fills the field, or a constant.");
        if (constant is not null) return SegmentMapping.Constant(constant, to) with { Identity = name };
        return from is not null ? new SegmentMapping(from, to, name)
            : throw Malformed($"The entry for '{to}' has neither a source nor a value.", "Give the name of a column, or a constant.");
    }

    private static string? TextOf(object? item) => item?.ToString() is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    // A number, a date or a boolean has the same text on every machine.
    private static string? ConstantOf(object? value)
    {
        object? plain = value is PSObject { BaseObject: var inner } ? inner : value;
        if (plain is null) return null;
        if (!PlainText.TryWrite(plain, out string? text, out _)) throw Malformed("A constant is a list or an object.", "Give one text, number, date or boolean.");
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static SegmentPushException Malformed(MessageText message, MessageText action) => new("MappingEntryMalformed", message, action);
}
