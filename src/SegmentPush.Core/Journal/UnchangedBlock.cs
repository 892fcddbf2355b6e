using System.IO.Compression;
using System.Text;

namespace SegmentPush.Journal;

/// <summary>
/// Unchanged people of one source, packed into one value. From day to day most of a segment is unchanged: a row of the journal for each
/// of them would take longer than reading them, and many times the space.
/// </summary>
internal static class UnchangedBlock
{
    /// <summary>Most people in one.</summary>
    public const int MaxPeople = 1_000;

    // The fastest of Brotli's, and its usual window.
    private const int Quality = 1, Window = 22;

    /// <summary>Packs people of one source, in the order of their rows.</summary>
    public static byte[] Pack(IReadOnlyList<UnchangedPerson> people)
    {
        using var plain = new MemoryStream(48 * people.Count);
        using var writer = new BinaryWriter(plain, Encoding.UTF8);
        long row = 0, id = 0;
        writer.Write7BitEncodedInt(people.Count);
        foreach (var person in people)
        {
            // Differences are small, and take a byte or two.
            writer.Write7BitEncodedInt64(person.Row - row);
            writer.Write7BitEncodedInt64(Fold((person.MarketoId ?? 0) - id));
            writer.Write(person.Identity);
            (row, id) = (person.Row, person.MarketoId ?? 0);
        }

        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength((int)plain.Length)];
        if (!BrotliEncoder.TryCompress(plain.GetBuffer().AsSpan(0, (int)plain.Length), packed, out int length, Quality, Window))
            throw new InvalidOperationException("Brotli has no room for what it says itself is its longest output.");
        return packed[..length];
    }

    /// <summary>The people of a block of a source.</summary>
    public static List<UnchangedPerson> Unpack(int source, byte[] block)
    {
        using var packed = new MemoryStream(block);
        using var plain = new BrotliStream(packed, CompressionMode.Decompress);
        using var reader = new BinaryReader(plain, Encoding.UTF8);
        var people = new List<UnchangedPerson>(reader.Read7BitEncodedInt());
        long row = 0, id = 0;
        while (people.Count < people.Capacity)
        {
            row += reader.Read7BitEncodedInt64();
            id += Unfold(reader.Read7BitEncodedInt64());
            people.Add(new UnchangedPerson(source, row, reader.ReadString(), id == 0 ? null : id));
        }

        return people;
    }

    // Negative numbers among the small ones, too.
    private static long Fold(long value) => (value << 1) ^ (value >> 63);

    private static long Unfold(long value) => (long)((ulong)value >> 1) ^ -(value & 1);
}
