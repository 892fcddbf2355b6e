using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using SegmentPush.Core.Tests.Segments.Nested;
using SegmentPush.Segments.Parquet;

namespace SegmentPush.Core.Tests.Segments.Parquet;

/// <summary>Files of Apache's C++ library, in all the ways in which it writes them.</summary>
public sealed class ParquetWriterTests : IDisposable
{
    private static readonly Field[] s_flat =
    [
        ApacheParquet.Field("email", StringType.Default), ApacheParquet.Field("name", StringType.Default, nullable: false),
        ApacheParquet.Field("score", Int32Type.Default), ApacheParquet.Field("total", Int64Type.Default), ApacheParquet.Field("ratio", DoubleType.Default),
        ApacheParquet.Field("flag", BooleanType.Default), ApacheParquet.Field("money", new Decimal128Type(12, 2)), ApacheParquet.Field("born", Date32Type.Default),
    ];

    private static readonly string[] s_names = [.. s_flat.Select(field => field.Name)];

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("people.parquet");

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string, bool, bool>> Ways() =>
        from codec in (string[])["Uncompressed", "Snappy", "Gzip", "Brotli", "Zstd", "Lz4", "Lz4Hadoop"]
        from isV2 in (bool[])[false, true]
        from hasDictionary in (bool[])[false, true]
        select new TheoryDataRow<string, bool, bool>(codec, isV2, hasDictionary);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_codec_and_kind_of_page_gives_the_same_people(string codec, bool isV2, bool hasDictionary)
    {
        var options = new ApacheOptions { Codec = Enum.Parse<Compression>(codec), IsV2 = isV2, HasDictionary = hasDictionary, PageSize = 2_000, RowsInGroup = 700 };
        ApacheParquet.Write(File, s_flat, People(2_000), options);

        Assert.Equal(Texts(2_000), ReadRows.OfParquet(File, s_names));
    }

    [Theory]
    [InlineData("DeltaLengthByteArray", "email,name")]
    [InlineData("DeltaByteArray", "email,name")]
    [InlineData("DeltaBinaryPacked", "score,total")]
    [InlineData("ByteStreamSplit", "score,total,ratio")]
    [InlineData("Rle", "flag")]
    public void Every_encoding_gives_the_same_values(string encoding, string columns)
    {
        string[] names = columns.Split(',');
        var fields = s_flat.Where(field => names.Contains(field.Name)).ToArray();
        var expected = Texts(3_000).Select(row => names.Select(name => row[System.Array.IndexOf(s_names, name)]).ToArray());
        foreach (bool isV2 in (bool[])[false, true])
        {
            ApacheParquet.Write(File, fields, People(3_000), new ApacheOptions { Encoding = Enum.Parse<Encoding>(encoding), IsV2 = isV2, PageSize = 3_000 });

            Assert.Equal(expected, ReadRows.OfParquet(File, names));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dictionary_that_grows_too_large_is_left_in_the_middle_of_a_column(bool isV2)
    {
        ApacheParquet.Write(File, s_flat, People(60_000), new ApacheOptions { IsV2 = isV2, PageSize = 50_000 });

        Assert.Equal(Texts(60_000), ReadRows.OfParquet(File, s_names));
    }

    [Fact]
    public void A_file_without_rows_has_its_columns()
    {
        ApacheParquet.Write(File, s_flat, []);
        using var reader = ReadRows.Parquet(File);

        Assert.Equal(s_names, reader.Columns);
        Assert.Empty(ReadRows.Of(reader, "email"));
        Assert.Null(reader.Progress);
    }

    [Fact]
    public void A_look_tells_rows_groups_and_compression()
    {
        ApacheParquet.Write(File, s_flat, People(10), new ApacheOptions { Codec = Compression.Zstd, RowsInGroup = 4 });
        using var file = System.IO.File.OpenRead(File);
        var look = ParquetFile.Look(file, File);

        Assert.Equal((10L, 3, "zstd"), (look.Rows, look.RowGroups, look.Compression));
        Assert.True(file.CanRead);
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(25_000)]
    public void Thousands_of_keys_are_listed_up_to_a_limit_and_found_beyond_it(int keys)
    {
        var field = ApacheParquet.Field("segmentMembership", ApacheParquet.Map(ApacheParquet.Map(ApacheParquet.Struct(ApacheParquet.Field("status", StringType.Default)))));
        ApacheParquet.Write(File, [field], Enumerable.Range(0, keys).Select(i => Object("segmentMembership", Object("ups", Object($"seg_{i}", Object("status", "realized"))))));
        using var reader = ReadRows.Parquet(File);

        Assert.InRange(reader.Columns.Count, 0, 1_000);
        string last = $"segmentMembership.ups.seg_{keys - 1}.status";
        var rows = ReadRows.Of(reader, last, last.Replace('.', '_'), "segmentMembership.UPS.SEG_5.status");
        Assert.Equal(["realized", "realized", ""], rows[^1]);
        Assert.Equal(["", "", "realized"], rows[5]);
    }

    [Fact]
    public void Identities_of_all_namespaces_in_one_list_are_told_apart_by_their_codes()
    {
        var text = StringType.Default;
        var space = ApacheParquet.Struct(ApacheParquet.Field("code", text));
        var field = ApacheParquet.Field("identities", ApacheParquet.List(ApacheParquet.Struct(
            ApacheParquet.Field("id", text), ApacheParquet.Field("namespace", space), ApacheParquet.Field("primary", BooleanType.Default))));
        ApacheParquet.Write(File, [field], new object?[][]
        {
            [Identity("1", "ECID", true), Identity("a@x", "Email", null), Identity("b@x", "EMAIL", true)],
            [Identity("c@x", "Email", false), Identity(null, "Email", true), new Dictionary<string, object?> { ["id"] = "d@x" }],
            [],
        }.Select(list => Object("identities", list)));

        Assert.Equal([["b@x", "1"], ["c@x", ""], ["", ""]], ReadRows.OfParquet(File, "identityMap.Email", "identityMap.ecid.id"));

        Dictionary<string, object?> Identity(string? id, string code, bool? primary) =>
            new() { ["id"] = id, ["namespace"] = Object("code", code), ["primary"] = primary };
    }

    [Fact]
    public void Identities_that_are_texts_are_taken_as_ids()
    {
        var field = ApacheParquet.Field("identityMap", ApacheParquet.Map(ApacheParquet.List(StringType.Default)));
        ApacheParquet.Write(File, [field], [Object("identityMap", Object("Email", new object?[] { null, "a@x", "b@x" })), Object("identityMap", null)]);

        Assert.Equal([["a@x"], [""]], ReadRows.OfParquet(File, "identityMap.Email"));
    }

    [Fact]
    public void Addresses_that_are_keys_are_no_columns()
    {
        var field = ApacheParquet.Field("m", ApacheParquet.Map(StringType.Default));
        ApacheParquet.Write(File, [field], [Object("m", Object("ann@example.com", "x")), Object("m", Object("@id", "y"))]);

        using var reader = ReadRows.Parquet(File);
        Assert.Equal(["m.@id"], reader.Columns);
    }

    [Fact]
    public void Only_the_columns_that_are_asked_for_are_read()
    {
        ApacheParquet.Write(File, s_flat, People(20_000), new ApacheOptions { HasDictionary = false });
        ParquetLook look;
        using (var file = System.IO.File.OpenRead(File)) look = ParquetFile.Look(file, File);
        using var counted = new CountedFile(File);
        using (var reader = ParquetFile.Open(counted, look, File)) Assert.Equal(20_000, ReadRows.Of(reader, "score").Count);

        // Twice: to be checked, and to be read.
        Assert.InRange(counted.BytesRead, 1, new FileInfo(File).Length / 3);
    }

    [Fact]
    public void A_million_people_take_no_more_memory_than_some_pages()
    {
        const int People = 1_000_000;
        Field[] fields = [s_flat[0], s_flat[1], s_flat[2]];
        ApacheParquet.Write(File, fields, Enumerable.Range(0, People).Select(i => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>
        {
            ["email"] = $"person{i}@example.com",
            ["name"] = $"Name {i % 1000}",
            ["score"] = i,
        }));

        using var reader = ReadRows.Parquet(File);
        int[] columns = [reader.FindColumn("email"), reader.FindColumn("name"), reader.FindColumn("score")];
        long allocated = 0;
        for (int i = 0; i < People; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(reader.Read());
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            bool isRight = reader.GetValue(columns[0]).SequenceEqual($"person{i}@example.com")
                && reader.GetValue(columns[1]).SequenceEqual($"Name {i % 1000}")
                && reader.GetValue(columns[2]).SequenceEqual($"{i}");
            if (!isRight) Assert.Fail($"row {i}");
        }

        Assert.False(reader.Read());
        Assert.InRange(allocated, 0, 12 << 20);
    }

    private static Dictionary<string, object?> Object(string name, object? value) => new() { [name] = value };

    private static IEnumerable<IReadOnlyDictionary<string, object?>> People(int count) => Enumerable.Range(0, count).Select(i => new Dictionary<string, object?>
    {
        ["email"] = i % 7 == 0 ? null : $"person{i}@example.com",
        ["name"] = $"Zoë {i % 50}",
        ["score"] = i % 5 == 0 ? null : (i * 7919) - 50_000,
        ["total"] = i % 11 == 0 ? null : i * 10_000_000_019L,
        ["ratio"] = i % 3 == 0 ? null : i / 8.0,
        ["flag"] = i % 13 == 0 ? null : i % 2 == 0,
        ["money"] = i % 4 == 0 ? null : (i / 4m) - 100,
        ["born"] = i % 6 == 0 ? null : new DateOnly(1950, 1, 1).AddDays(i % 20_000),
    });

    private static List<string[]> Texts(int count) => [.. People(count).Select(row => s_names.Select(name => row[name] switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        decimal money => money.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        var value => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}"),
    }).ToArray())];

    private sealed class CountedFile(string path) : FileStream(path, FileMode.Open, FileAccess.Read)
    {
        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = base.Read(buffer);
            BytesRead += read;
            return read;
        }
    }
}
