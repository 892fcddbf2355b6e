using System.IO.Compression;
using System.Text;

namespace SegmentPush.Journal;

/// <summary>
/// Unchanged people of one source, packed. From day to day most of a segment is unchanged: a row of the journal for each of them would
/// take longer than reading them, and many times the space.
/// </summary>
/// <param name="Source">Which of the push's sources their rows are from.</param>
/// <param name="FirstRow">The first row.</param>
/// <param name="LastRow">The last row; between them may be rows of others.</param>
/// <param name="People">How many they are.</param>
/// <param name="Content">The people, packed.</param>
internal sealed record UnchangedBlock(int Source, long FirstRow, long LastRow, int People, byte[] Content)
{
    /// <summary>Most people in one.</summary>
    public const int MaxPeople = 1_000;

    /// <summary>Packs people of one source, in the order of their rows.</summary>
    /// <param name="people">The people.</param>
    /// <param name="keyOf">How the journal keeps an identity; null for as it is.</param>
    public static UnchangedBlock Pack(IEnumerable<UnchangedPerson> people, Func<string, string>? keyOf = null)
    {
        var packer = new UnchangedPacker(keyOf);
        foreach (var person in people) packer.Add(person.Source, person.Row, person.Identity, person.MarketoId);
        return packer.Pack();
    }

    /// <summary>The people, with their identities as the journal keeps them.</summary>
    /// <exception cref="InvalidDataException">The content is not what was packed.</exception>
    public List<UnchangedPerson> Unpack()
    {
        if (People is < 1 or > MaxPeople) throw Damaged();
        var people = new List<UnchangedPerson>(People);
        try
        {
            using var packed = new MemoryStream(Content);
            using var plain = new BrotliStream(packed, CompressionMode.Decompress);
            using var reader = new BinaryReader(plain, Encoding.UTF8);
            long row = 0, id = 0;
            for (int i = 0; i < People; i++)
            {
                row += reader.Read7BitEncodedInt64();
                id += Unfold(reader.Read7BitEncodedInt64());
                people.Add(new UnchangedPerson(Source, row, reader.ReadString(), id == 0 ? null : id));
            }

            if (plain.ReadByte() >= 0) throw Damaged();
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidOperationException)
        {
            throw Damaged(e);
        }

        return people[0].Row == FirstRow && people[^1].Row == LastRow ? people : throw Damaged();
    }

    private InvalidDataException Damaged(Exception? cause = null) => new($"The unchanged people from row {FirstRow} on can't be unpacked.", cause);

    private static long Unfold(long value) => (long)((ulong)value >> 1) ^ -(value & 1);
}
