using SegmentPush.Segments.Nested;

namespace SegmentPush.Streams;

/// <summary>Stands for a value that nobody can read.</summary>
internal sealed class UnreadableValue
{
    /// <summary>That of a property that ends with an error where it is read, such as ExitCode of a process that runs.</summary>
    public static readonly UnreadableValue Failing = new();

    /// <summary>That of a path on which a text or a number stands in the place of an object.</summary>
    public static readonly UnreadableValue BehindText = new();

    private UnreadableValue()
    {
    }

    /// <summary>Why the row of a column is at fault.</summary>
    public string FaultOf(string column) => this == BehindText
        ? new CellFaults(column).IsSingle.Reason
        : MessageText.Say($"The property '{column}' can't be read: it ends with an error.");

    /// <inheritdoc/>
    public override string ToString() => string.Empty;
}
