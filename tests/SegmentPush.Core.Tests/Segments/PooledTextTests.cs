using System.Buffers;
using System.Text;
using SegmentPush.Segments.Delimited;

namespace SegmentPush.Core.Tests.Segments;

public sealed class PooledTextTests
{
    [Fact]
    public void Rows_that_are_disposed_twice_give_their_memory_back_once()
    {
        var rows = new RowParser(new MemoryStream(Encoding.UTF8.GetBytes("email\na@example.com\n")), Encoding.UTF8, Dialect.Rfc4180, 1_000);
        Assert.True(rows.Read());

        rows.Dispose();
        rows.Dispose();

        // Two owners of one piece of memory would read each other's rows.
        byte[][] bytes = [.. Enumerable.Range(0, 64).Select(_ => ArrayPool<byte>.Shared.Rent(64 * 1024))];
        char[][] characters = [.. Enumerable.Range(0, 64).Select(_ => ArrayPool<char>.Shared.Rent(TextBlocks.CharactersMost))];
        Assert.Distinct(bytes, ReferenceEqualityComparer.Instance);
        Assert.Distinct(characters, ReferenceEqualityComparer.Instance);
        foreach (byte[] rented in bytes) ArrayPool<byte>.Shared.Return(rented);
        foreach (char[] rented in characters) ArrayPool<char>.Shared.Return(rented);
    }
}
