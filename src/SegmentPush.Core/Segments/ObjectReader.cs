using System.Threading.Channels;

namespace SegmentPush.Segments;

/// <summary>One object of a pipeline, turned into cells.</summary>
/// <param name="Cells">A text for each column; null and empty are the same.</param>
/// <param name="Fault">Why the object is no row; null where it is one.</param>
internal readonly record struct ObjectRow(string?[] Cells, RowFault? Fault = null);

/// <summary>Reads rows that somebody else hands over in blocks, on another thread.</summary>
internal sealed class ObjectReader : ISegmentReader
{
    private readonly Channel<IReadOnlyList<ObjectRow>> _blocks = Channel.CreateBounded<IReadOnlyList<ObjectRow>>(
        new BoundedChannelOptions(8) { SingleReader = true, SingleWriter = true });

    private IReadOnlyList<ObjectRow> _block = [];
    private int _next;
    private ObjectRow _current = new([]);

    public ObjectReader(IReadOnlyList<string> columns) => Columns = columns;

    public IReadOnlyList<string> Columns { get; }

    public long Row { get; private set; }

    public RowFault? Fault => _current.Fault;

    public double? Progress => null;

    /// <summary>Takes the rows, a block at a time; completed after the last one.</summary>
    public ChannelWriter<IReadOnlyList<ObjectRow>> Rows => _blocks.Writer;

    public bool Read(CancellationToken cancellation = default)
    {
        while (_next >= _block.Count)
        {
            if (!_blocks.Reader.TryRead(out var block))
            {
                if (_blocks.Reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult()) continue;
                return false;
            }

            _block = block;
            _next = 0;
        }

        _current = _block[_next++];
        Row++;
        return true;
    }

    public ReadOnlySpan<char> GetValue(int column) => _current.Cells[column];

    public void Dispose() => _blocks.Writer.TryComplete();
}
