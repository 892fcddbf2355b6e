namespace SegmentPush.Segments;

/// <summary>The rows of a file that has not even a header: none.</summary>
internal sealed class EmptyReader : ISegmentReader
{
    public static EmptyReader Instance { get; } = new();

    public IReadOnlyList<string> Columns => [];

    public long Row => 0;

    public RowFault? Fault => null;

    public double? Progress => 1;

    public bool Read(CancellationToken cancellation = default) => false;

    public ReadOnlySpan<char> GetValue(int column) => default;

    public void Dispose()
    {
    }
}
