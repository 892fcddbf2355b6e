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
        var packer = new Packer(keyOf);
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

    // Negative numbers among the small ones, too.
    private static long Fold(long value) => (value << 1) ^ (value >> 63);

    private static long Unfold(long value) => (long)((ulong)value >> 1) ^ -(value & 1);

    /// <summary>Packs unchanged people, block after block.</summary>
    /// <param name="keyOf">How the journal keeps an identity; null for as it is.</param>
#pragma warning disable CA1001 // A stream of memory alone holds nothing to give back.
    internal sealed class Packer(Func<string, string>? keyOf)
#pragma warning restore CA1001
    {
        // The fastest of Brotli's, and its usual window.
        private const int Quality = 1, Window = 22;

        private readonly MemoryStream _plain = new();
        private BinaryWriter? _writer;
        private byte[] _packed = [];
        private int _source;
        private long _firstRow, _row, _id;

        /// <summary>People added since a block was packed.</summary>
        public int Count { get; private set; }

        /// <summary>Whether somebody of a source can be added before a block is packed.</summary>
        public bool HasRoomFor(int source) => Count == 0 || (Count < MaxPeople && source == _source);

        /// <summary>Adds a person, in the order of their rows.</summary>
        /// <param name="source">Which of the push's sources the row is from.</param>
        /// <param name="row">Number of the row.</param>
        /// <param name="identity">The identity's value.</param>
        /// <param name="marketoId">The person's id in Marketo; null where an import did not tell.</param>
        public void Add(int source, long row, ReadOnlySpan<char> identity, long? marketoId)
        {
            if (Count++ == 0) (_source, _firstRow, _row, _id) = (source, row, 0, 0);

            // Differences are small, and take a byte or two.
            _writer ??= new BinaryWriter(_plain, Encoding.UTF8);
            _writer.Write7BitEncodedInt64(row - _row);
            _writer.Write7BitEncodedInt64(Fold((marketoId ?? 0) - _id));
            var key = keyOf is null ? identity : keyOf(identity.ToString());

            // As a string is written, without making one.
            _writer.Write7BitEncodedInt(Encoding.UTF8.GetByteCount(key));
            _writer.Write(key);
            (_row, _id) = (row, marketoId ?? 0);
        }

        /// <summary>Packs the people added by now, and begins anew.</summary>
        public UnchangedBlock Pack()
        {
            var plain = _plain.GetBuffer().AsSpan(0, (int)_plain.Length);
            int longest = BrotliEncoder.GetMaxCompressedLength(plain.Length);
            if (_packed.Length < longest) _packed = new byte[longest];
            if (!BrotliEncoder.TryCompress(plain, _packed, out int length, Quality, Window))
                throw new InvalidOperationException("Brotli has no room for what it says itself is its longest output.");
            var block = new UnchangedBlock(_source, _firstRow, _row, Count, _packed[..length]);
            _plain.SetLength(0);
            Count = 0;
            return block;
        }
    }
}
