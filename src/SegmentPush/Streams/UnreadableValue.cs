namespace SegmentPush.Streams;

/// <summary>Stands for the value of a property that ends with an error where it is read, such as ExitCode of a process that runs.</summary>
internal sealed class UnreadableValue
{
    /// <summary>The only one.</summary>
    public static readonly UnreadableValue Instance = new();

    private UnreadableValue()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => string.Empty;
}
