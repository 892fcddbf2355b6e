using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace SegmentPush.Core.Tests.Segments.Nested;

/// <summary>How Apache's library writes a file.</summary>
internal sealed record ApacheOptions
{
    public Compression Codec { get; init; } = Compression.Snappy;

    public bool IsV2 { get; init; }

    public bool HasDictionary { get; init; } = true;

    public bool HasChecksums { get; init; }

    public int RowsInGroup { get; init; } = 1_000_000;

    public long PageSize { get; init; } = 1_000_000;

    public Encoding? Encoding { get; init; }
}

/// <summary>Writes Parquet files by Apache's C++ library, from rows that are dictionaries, lists and values.</summary>
internal static class ApacheParquet
{
    public static void Write(string path, IReadOnlyList<Field> fields, IEnumerable<IReadOnlyDictionary<string, object?>> rows, ApacheOptions? options = null)
    {
        options ??= new ApacheOptions();
        using var properties = Build(options);
        var schema = new Apache.Arrow.Schema(fields, []);
        using var writer = new FileWriter(path, schema, properties);
        foreach (var chunk in rows.Chunk(100_000))
        {
            var arrays = fields.Select(field => Array(field.DataType, [.. chunk.Select(row => row.GetValueOrDefault(field.Name))]));
            using var batch = new RecordBatch(schema, arrays, chunk.Length);
            writer.WriteRecordBatch(batch, options.RowsInGroup);
        }

        writer.Close();
    }

    /// <summary>A column.</summary>
    public static Field Field(string name, IArrowType type, bool nullable = true) => new(name, type, nullable);

    public static IArrowType Struct(params Field[] fields) => new StructType(fields);

    public static IArrowType List(IArrowType element) => new ListType(Field("element", element));

    public static IArrowType Map(IArrowType value) => new MapType(StringType.Default, value);

    private static WriterProperties Build(ApacheOptions options)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(options.Codec).DataPagesize(options.PageSize).MaxRowGroupLength(options.RowsInGroup);
        if (options.IsV2) builder.DataPageVersion(ParquetDataPageVersion.V2);
        if (!options.HasDictionary || options.Encoding is not null) builder.DisableDictionary();
        if (options.Encoding is { } encoding) builder.Encoding(encoding);
        if (options.HasChecksums) builder.EnablePageChecksum();
        return builder.Build();
    }

    private static IArrowArray Array(IArrowType type, object?[] values) => type switch
    {
        StringType => Append(new StringArray.Builder(), values, (builder, value) => builder.Append((string)value), builder => builder.AppendNull()).Build(),
        BinaryType => Append(new BinaryArray.Builder(), values, (builder, value) => builder.Append((byte[])value), builder => builder.AppendNull()).Build(),
        BooleanType => Append(new BooleanArray.Builder(), values, (builder, value) => builder.Append((bool)value), builder => builder.AppendNull()).Build(),
        Int32Type => Append(new Int32Array.Builder(), values, (builder, value) => builder.Append((int)value), builder => builder.AppendNull()).Build(),
        Int64Type => Append(new Int64Array.Builder(), values, (builder, value) => builder.Append((long)value), builder => builder.AppendNull()).Build(),
        UInt64Type => Append(new UInt64Array.Builder(), values, (builder, value) => builder.Append((ulong)value), builder => builder.AppendNull()).Build(),
        FloatType => Append(new FloatArray.Builder(), values, (builder, value) => builder.Append((float)value), builder => builder.AppendNull()).Build(),
        DoubleType => Append(new DoubleArray.Builder(), values, (builder, value) => builder.Append((double)value), builder => builder.AppendNull()).Build(),
        Decimal128Type money => Append(new Decimal128Array.Builder(money), values, (builder, value) => builder.Append((decimal)value), builder => builder.AppendNull()).Build(),
        Date32Type => Append(new Date32Array.Builder(), values, (builder, value) => builder.Append((DateOnly)value), builder => builder.AppendNull()).Build(),
        TimestampType moment => Append(new TimestampArray.Builder(moment), values, (builder, value) => builder.Append((DateTimeOffset)value), builder => builder.AppendNull()).Build(),
        StructType table => new StructArray(table, values.Length, Fields(table, values), Validity(values), values.Count(value => value is null)),
        MapType map => Map(map, values),
        ListType list => List(list, values),
        _ => throw new NotSupportedException(type.Name),
    };

    private static TBuilder Append<TBuilder>(TBuilder builder, object?[] values, Action<TBuilder, object> append, Action<TBuilder> appendNull)
    {
        foreach (object? value in values)
        {
            if (value is null) appendNull(builder);
            else append(builder, value);
        }

        return builder;
    }

    private static IArrowArray[] Fields(StructType type, object?[] values) =>
        [.. type.Fields.Select(field => Array(field.DataType, [.. values.Select(value => (value as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(field.Name))]))];

    private static ListArray List(ListType type, object?[] values)
    {
        object?[] elements = [.. values.SelectMany(value => (IReadOnlyList<object?>?)value ?? [])];
        return new ListArray(
            type,
            values.Length,
            Offsets(values.Select(value => ((IReadOnlyList<object?>?)value)?.Count ?? 0)),
            Array(type.ValueDataType, elements),
            Validity(values),
            values.Count(value => value is null));
    }

    private static MapArray Map(MapType type, object?[] values)
    {
        var entries = values.SelectMany(value => (IReadOnlyDictionary<string, object?>?)value ?? new Dictionary<string, object?>()).ToArray();
        var pair = new StructType([type.KeyField, type.ValueField]);
        var pairs = new StructArray(
            pair,
            entries.Length,
            [Array(type.KeyField.DataType, [.. entries.Select(entry => entry.Key)]), Array(type.ValueField.DataType, [.. entries.Select(entry => entry.Value)])],
            ArrowBuffer.Empty);
        return new MapArray(
            type,
            values.Length,
            Offsets(values.Select(value => ((IReadOnlyDictionary<string, object?>?)value)?.Count ?? 0)),
            pairs,
            Validity(values),
            values.Count(value => value is null));
    }

    private static ArrowBuffer Offsets(IEnumerable<int> counts)
    {
        var builder = new ArrowBuffer.Builder<int>();
        int at = 0;
        builder.Append(at);
        foreach (int count in counts) builder.Append(at += count);
        return builder.Build();
    }

    private static ArrowBuffer Validity(object?[] values)
    {
        var builder = new ArrowBuffer.BitmapBuilder();
        foreach (object? value in values) builder.Append(value is not null);
        return builder.Build();
    }
}
