using System.Buffers.Binary;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>What a Parquet file holds.</summary>
/// <param name="Paths">Its columns, and where their values lie.</param>
/// <param name="Rows">Number of its rows.</param>
/// <param name="Compression">How its pages are compressed, such as <c>snappy</c>.</param>
/// <param name="Row">The places of its rows.</param>
/// <param name="Groups">Its row groups.</param>
internal sealed record ParquetLook(NestedColumns Paths, long Rows, string Compression, ParquetNode Row, IReadOnlyList<RowGroup> Groups)
{
    /// <summary>Names of the columns: dotted paths to the values, with the keys of maps that occur in the rows.</summary>
    public IReadOnlyList<string> Columns => Paths.Names;

    /// <summary>Number of row groups.</summary>
    public int RowGroups => Groups.Count;
}

/// <summary>Reads people from Parquet files, flat or nested.</summary>
internal static class ParquetFile
{
    private const int MagicLength = 4, TailLength = 8;

    private const string Unencrypted = "Export it again without encryption.";

    /// <summary>Looks at a file: its end, which says what it holds, and the keys of its maps.</summary>
    /// <param name="file">The file; seekable. It stays open.</param>
    /// <param name="path">How messages name it.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="SegmentPushException">
    /// <c>SourceUnreadable</c>: it is damaged, cut off, encrypted, or compressed in a way that is not known here.
    /// </exception>
    public static ParquetLook Look(Stream file, string path, CancellationToken cancellation = default)
    {
        var source = new ParquetSource(file, path);
        using var codec = new PageCodec();
        try
        {
            var metadata = ReadMetadata(source);
            var row = ParquetSchema.Build(metadata.Schema, source, out int columns);
            Check(metadata, columns, source);
            var readers = new Dictionary<int, ColumnReader>();
            var keys = new ParquetKeys(metadata.Groups, Column);
            keys.Read(row, [], cancellation);
            var shape = new ParquetShape(keys).Of(row, "", "");
            return new ParquetLook(new NestedColumns(shape), RowsOf(metadata), CompressionOf(metadata), row, metadata.Groups);

            ColumnReader Column(ParquetLeaf leaf)
            {
                if (!readers.TryGetValue(leaf.Column, out var reader)) readers[leaf.Column] = reader = new ColumnReader(source, leaf, codec);
                return reader;
            }
        }
        catch (Exception e) when (source.Explain(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>
    /// Opens a file for reading the columns that are asked for. Before the first row all of their pages are read once, so that a
    /// damaged file gives no rows.
    /// </summary>
    /// <param name="file">The same file as for the look; seekable. The reader disposes it.</param>
    /// <param name="look">What the look has found.</param>
    /// <param name="path">How messages name the file.</param>
    public static ParquetRowReader Open(Stream file, ParquetLook look, string path) =>
        new(new ParquetSource(file, path), look, isChecked: true, isWhole: false);

    /// <summary>Opens a file for reading columns of rows that are read once more before anything is done with them.</summary>
    /// <inheritdoc cref="Open"/>
    public static ParquetRowReader OpenToReview(Stream file, ParquetLook look, string path) =>
        new(new ParquetSource(file, path), look, isChecked: false, isWhole: false);

    /// <summary>Opens a file for reading whole rows, such as those to be written into a reject file, or the first ones.</summary>
    /// <inheritdoc cref="Open"/>
    public static ParquetRowReader OpenWhole(Stream file, ParquetLook look, string path) =>
        new(new ParquetSource(file, path), look, isChecked: false, isWhole: true);

    private static ParquetMetadata ReadMetadata(ParquetSource source)
    {
        Span<byte> head = stackalloc byte[MagicLength];
        Span<byte> tail = stackalloc byte[TailLength];
        if (source.Length < MagicLength + TailLength) throw source.Damaged("has no end that says what it holds");
        source.Read(0, head);
        source.Read(source.Length - TailLength, tail);
        if (tail[MagicLength..].SequenceEqual("PARE"u8)) throw source.Unsupported("is encrypted", Unencrypted);
        if (!tail[MagicLength..].SequenceEqual("PAR1"u8) || !head.SequenceEqual("PAR1"u8)) throw source.Damaged("has no end that says what it holds");
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > source.Length - MagicLength - TailLength) throw source.Damaged("has an end that is not valid");
        return ParquetMetadata.Read(source.Read(source.Length - TailLength - length, length)) ?? throw source.Damaged("has an end that is not valid");
    }

    private static void Check(ParquetMetadata metadata, int columns, ParquetSource source)
    {
        var chunks = metadata.Groups.SelectMany(group => group.Columns).ToArray();
        if (chunks.Any(chunk => chunk.IsEncrypted)) throw source.Unsupported("has encrypted columns", Unencrypted);
        if (chunks.Any(chunk => chunk.IsElsewhere))
            throw source.Unsupported("only refers to other files, which hold the data", "Give those files.");
        bool isWhole = metadata.Groups.All(group => group.Rows >= 0 && group.Columns.Count == columns)
            && metadata.Groups.All(group => group.Columns.All(chunk => chunk.Values >= group.Rows && chunk.Offset >= 0))
            && (metadata.Rows == 0 || metadata.Rows == RowsOf(metadata));
        if (!isWhole) throw source.Damaged("has an end that is not valid");
        foreach (var chunk in chunks)
        {
            if (PageCodec.IsKnown(chunk.Codec)) continue;
            throw source.Unsupported(
                $"is compressed in a way that is not known here ({PageCodec.NameOf(chunk.Codec)})",
                "Export it again with gzip, snappy, zstd or without compression.");
        }
    }

    // Some older writers have left the sum out.
    private static long RowsOf(ParquetMetadata metadata) => metadata.Groups.Sum(group => group.Rows);

    private static string CompressionOf(ParquetMetadata metadata) => string.Join(
        ", ", metadata.Groups.SelectMany(group => group.Columns).Select(chunk => chunk.Codec).Distinct().Order().Select(PageCodec.NameOf));
}
