using System.Buffers;

namespace SegmentPush.Mappings;

/// <summary>
/// The text of some rows, on pooled memory: most rows of a segment are unchanged from day to day, and leave nothing for the runtime to
/// clean up. Valid until disposed.
/// </summary>
internal sealed class RowText : IDisposable
{
    private const int Characters = 32 * 1024;

    private readonly List<char[]> _full = [];
    private char[] _text = ArrayPool<char>.Shared.Rent(Characters);
    private int _length;

    /// <summary>Number of characters taken in.</summary>
    public long Length { get; private set; }

    /// <summary>Takes a text in.</summary>
    /// <returns>Where it lies.</returns>
    public ReadOnlyMemory<char> Add(ReadOnlySpan<char> text)
    {
        if (text.Length > _text.Length - _length) Extend(text.Length);
        var kept = _text.AsMemory(_length, text.Length);
        text.CopyTo(kept.Span);
        _length += text.Length;
        Length += text.Length;
        return kept;
    }

    public void Dispose()
    {
        foreach (char[] text in _full) ArrayPool<char>.Shared.Return(text);
        if (_text.Length > 0) ArrayPool<char>.Shared.Return(_text);
        _full.Clear();
        (_text, _length) = ([], 0);
    }

    // What has been taken in stays where it is.
    private void Extend(int needed)
    {
        _full.Add(_text);
        _text = ArrayPool<char>.Shared.Rent(Math.Max(Characters, needed));
        _length = 0;
    }
}
