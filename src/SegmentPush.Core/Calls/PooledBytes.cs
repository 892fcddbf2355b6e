using System.Buffers;

namespace SegmentPush.Calls;

/// <summary>A growing run of bytes on pooled memory. Valid until disposed. Large memory is not pooled: the pool would keep it for long after its last use.</summary>
/// <param name="capacity">First size.</param>
/// <param name="secret">Whether the memory is wiped before it goes back.</param>
internal sealed class PooledBytes(int capacity = 4096, bool secret = false) : IBufferWriter<byte>, IDisposable
{
    private const int LargestPooled = 1024 * 1024;

    private byte[] _bytes = Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Write(byte value)
    {
        Ensure(1);
        _bytes[Length++] = value;
    }

    /// <summary>Forgets what was written after a length.</summary>
    public void CutTo(int length) => Length = Math.Min(Length, length);

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            GiveBack();
            _bytes = [];
            Length = 0;
        }
    }

    private void Ensure(int sizeHint)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (_bytes.Length - Length >= wanted)
        {
            return;
        }

        var larger = Rent(Math.Max(Length + wanted, _bytes.Length * 2));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        GiveBack();
        _bytes = larger;
    }

    private static byte[] Rent(int size) => size > LargestPooled ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);

    private void GiveBack()
    {
        if (_bytes.Length <= LargestPooled) ArrayPool<byte>.Shared.Return(_bytes, secret);
        else if (secret) Array.Clear(_bytes);
    }
}
