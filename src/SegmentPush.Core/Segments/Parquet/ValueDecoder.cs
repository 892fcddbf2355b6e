namespace SegmentPush.Segments.Parquet;

/// <summary>Gives the values of a page one after the other, each as bytes in its plain form: little-endian, or text in UTF-8.</summary>
internal abstract class ValueDecoder
{
    /// <summary>The next value. Valid until the next call.</summary>
    /// <exception cref="InvalidDataException">The page ends before it, or is damaged.</exception>
    public abstract ReadOnlySpan<byte> Next();

    /// <summary>Chooses how to read the values of a page.</summary>
    /// <param name="encoding">How they are written.</param>
    /// <param name="leaf">Their column.</param>
    /// <param name="dictionary">The dictionary of the column's chunk, if there is one.</param>
    /// <param name="page">The page.</param>
    /// <param name="start">Where its values begin.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="most">How many there may be.</param>
    /// <returns>Null where this encoding is not known for the column's type.</returns>
    public static ValueDecoder? Of(PageEncoding encoding, ParquetLeaf leaf, PageDictionary? dictionary, byte[] page, int start, int end, int most) =>
        (encoding, leaf.Type) switch
        {
            (PageEncoding.PlainDictionary or PageEncoding.RleDictionary, _) when dictionary is not null => new DictionaryDecoder(dictionary, page, start, end),
            (PageEncoding.Plain, PhysicalType.Boolean) => new BitDecoder(page, start, end),
            (PageEncoding.Plain, PhysicalType.ByteArray) => new PlainBytesDecoder(page, start, end),
            (PageEncoding.Plain, _) => new PlainDecoder(page, start, end, leaf.Width),
            (PageEncoding.Rle, PhysicalType.Boolean) => new BooleanRunDecoder(page, start, end),
            (PageEncoding.DeltaBinaryPacked, PhysicalType.Int32 or PhysicalType.Int64) => new DeltaIntegerDecoder(page, start, end, most, leaf.Width),
            (PageEncoding.DeltaLengthByteArray, PhysicalType.ByteArray) => new DeltaLengthDecoder(page, start, end, most),
            (PageEncoding.DeltaByteArray, PhysicalType.ByteArray or PhysicalType.FixedByteArray) => new DeltaBytesDecoder(page, start, end, most),
            (PageEncoding.ByteStreamSplit, not (PhysicalType.Boolean or PhysicalType.ByteArray)) => new SplitDecoder(page, start, end, leaf.Width),
            _ => null,
        };
}
