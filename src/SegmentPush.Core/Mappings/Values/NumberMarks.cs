using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>How a number is written: what stands before its fraction, and what between the groups of its digits.</summary>
/// <param name="Point">What stands before the fraction.</param>
/// <param name="Group">What stands between groups; null where digits are not grouped.</param>
/// <param name="GroupSizes">Digits in each group, the last group first; the last size counts for all others.</param>
internal sealed record NumberMarks(char Point, char? Group, int[] GroupSizes)
{
    /// <summary>A point and no groups, as programs write numbers.</summary>
    public static NumberMarks Invariant { get; } = new('.', null, []);

    /// <summary>The marks of a culture.</summary>
    /// <param name="culture">The culture; null for <see cref="Invariant"/>.</param>
    public static NumberMarks Of(CultureInfo? culture)
    {
        if (culture?.NumberFormat is not { NumberDecimalSeparator: [var point] } format) return Invariant;
        int[] sizes = [.. format.NumberGroupSizes.TakeWhile(size => size > 0)];
        return format.NumberGroupSeparator is [var group] && sizes.Length > 0 ? new NumberMarks(point, group, sizes) : new NumberMarks(point, null, []);
    }

    /// <summary>Whether a character stands between groups. Programs differ in the kind of blank and of apostrophe.</summary>
    public bool IsGroup(char c) => Group is { } group
        && (c == group || (char.IsWhiteSpace(c) && char.IsWhiteSpace(group)) || (c is '\'' or '’' && group is '\'' or '’'));

    /// <summary>Digits that a group must have.</summary>
    /// <param name="fromRight">Number of groups to the right of it.</param>
    public int SizeOf(int fromRight) => GroupSizes[Math.Min(fromRight, GroupSizes.Length - 1)];
}
