using System.Diagnostics;
using Apache.Arrow.Types;
using ParquetSharp;
using SegmentPush.Core.Tests.Segments.Nested;
using SegmentPush.Segments.Parquet;
using PhysicalType = ParquetSharp.PhysicalType;
using Repetition = ParquetSharp.Repetition;

namespace SegmentPush.Core.Tests.Segments.Parquet;

/// <summary>A file that can't be read right gives an error before its first row, and never an endless loop.</summary>
public sealed class ParquetDamageTests : IDisposable
{
    private static readonly string s_nested = Path.Combine(ReadRows.Samples, "profile-nested.snappy.parquet");

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("people.parquet");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Lzo")]
    public void A_codec_that_is_not_known_is_named(string codec)
    {
        byte[] file = System.IO.File.ReadAllBytes(Path.Combine(ReadRows.Samples, "audience-flat.gz.parquet"));

        // A column's codec is field 4 of its metadata, a number of one byte; 2 is gzip, 3 is LZO.
        for (int i = file.Length - 9 - BitConverter.ToInt32(file, file.Length - 8); i < file.Length - 8; i++)
        {
            if (file[i] == 0x15 && file[i + 1] == 4) file[i + 1] = 6;
        }

        var error = Refused(file);
        Assert.Contains(codec, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_file_is_called_so()
    {
        byte[] file = System.IO.File.ReadAllBytes(s_nested);
        "PARE"u8.CopyTo(file.AsSpan(file.Length - 4));

        Assert.Contains("encrypted", Refused(file).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_columns_are_called_so()
    {
        using (var encryption = new FileEncryptionPropertiesBuilder(new byte[16]).SetPlaintextFooter().Build())
        using (var builder = new WriterPropertiesBuilder())
        using (var properties = builder.Encryption(encryption).Build())
        using (var writer = new ParquetFileWriter(File, [new Column<string>("email")], properties))
        {
            using (var group = writer.AppendRowGroup())
            using (var column = group.NextColumn().LogicalWriter<string>()) column.WriteBatch(["a@x"]);
            writer.Close();
        }

        Assert.Contains("encrypted", Refused(System.IO.File.ReadAllBytes(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused()
    {
        byte[] file = System.IO.File.ReadAllBytes(Path.Combine(ReadRows.Samples, "audience-flat.gz.parquet"));
        for (int length = 0; length < file.Length; length += length < 20 || length > file.Length - 1500 ? 1 : 97) Refused(file[..length]);
    }

    [Fact]
    public void An_end_that_is_cut_off_anywhere_is_refused_at_once()
    {
        byte[] file = System.IO.File.ReadAllBytes(s_nested);
        int length = BitConverter.ToInt32(file, file.Length - 8);
        byte[] footer = file[^(length + 8)..^8];
        var time = Stopwatch.StartNew();
        for (int kept = 0; kept < length; kept++)
            Refused([.. "PAR1"u8, .. footer[..kept], .. BitConverter.GetBytes(kept), .. "PAR1"u8]);

        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Damage_is_found_before_the_first_row_where_pages_have_checksums()
    {
        var rows = Enumerable.Range(0, 3_000).Select(i => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?> { ["email"] = $"person{i}@example.com" });
        ApacheParquet.Write(
            File,
            [ApacheParquet.Field("email", StringType.Default)],
            rows,
            new ApacheOptions { HasChecksums = true, Codec = Compression.Uncompressed, HasDictionary = false, PageSize = 4_000, RowsInGroup = 1_000 });
        byte[] file = System.IO.File.ReadAllBytes(File);
        int at = file.AsSpan().IndexOf("person2500"u8);
        file[at + 6] = (byte)'1';

        using var reader = Open(file);
        Assert.Equal(0, reader.FindColumn("email"));
        Assert.Contains("checksum", ReadRows.Refused(() => reader.Read()).Message, StringComparison.Ordinal);
        Assert.Equal(0, reader.Row);
    }

    [Theory]
    [InlineData("snappy")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("uncompressed")]
    public void Any_damage_ends_in_rows_or_in_an_error_of_ours(string codec)
    {
        byte[] whole = System.IO.File.ReadAllBytes(Path.Combine(ReadRows.Samples, $"profile-nested.{codec}.parquet"));
        var random = new Random(codec.Length);
        int refused = 0;
        for (int i = 0; i < 150; i++)
        {
            byte[] file = [.. whole];
            for (int flips = random.Next(1, 4); flips > 0; flips--) file[random.Next(i % 2 == 0 ? 0 : file.Length - 3000, file.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var reader = Open(file);
                foreach (string name in reader.Columns.Take(30)) reader.FindColumn(name);
                int rows = 0;
                while (reader.Read()) Assert.True(++rows <= 1_000_000);
            }
            catch (SegmentPushException e)
            {
                Assert.Contains(e.ErrorId, (string[])["SourceUnreadable", "SourceColumnAmbiguous"]);
                refused++;
            }
        }

        Assert.InRange(refused, 20, 150);
    }

    [Fact]
    public void A_row_with_millions_of_elements_is_refused()
    {
        const int Elements = 17 * 1024 * 1024;
        short[] repetitions = new short[Elements];
        Array.Fill(repetitions, (short)1);
        repetitions[0] = 0;
        short[] definitions = new short[Elements];
        Array.Fill(definitions, (short)1);
        ApacheColumn.Write(File, ApacheColumn.Leaf("v", PhysicalType.Int32, repetition: Repetition.Repeated), definitions, repetitions, new int[Elements]);
        using var reader = ReadRows.Parquet(File);
        reader.FindColumn("v");

        Assert.Contains("16 MB", ReadRows.Refused(() => reader.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_says_nothing_of_what_the_file_holds()
    {
        byte[] file = System.IO.File.ReadAllBytes(s_nested);
        file.AsSpan(2_000, 3_000).Fill(0x5A);
        using var reader = Open(file);
        foreach (string name in reader.Columns) reader.FindColumn(name);
        var error = ReadRows.Refused(() => reader.Read());

        Assert.Equal("SourceUnreadable", error.ErrorId);
        Assert.Null(error.InnerException);
        Assert.DoesNotContain("ZZ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_ends_a_look_and_the_check_before_the_first_row()
    {
        var canceled = new CancellationToken(canceled: true);
        var rows = Enumerable.Range(0, 20_000).Select(i => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>
        {
            ["email"] = "a",
            ["map"] = new Dictionary<string, object?> { ["k"] = "v" },
        });
        ApacheParquet.Write(File, [ApacheParquet.Field("email", StringType.Default), ApacheParquet.Field("map", ApacheParquet.Map(StringType.Default))], rows);
        using var file = System.IO.File.OpenRead(File);
        Assert.Throws<OperationCanceledException>(() => ParquetFile.Look(file, File, canceled));
        using var reader = ReadRows.Parquet(File);
        reader.FindColumn("email");
        Assert.Throws<OperationCanceledException>(() => reader.Read(canceled));
    }

    private static SegmentPushException Refused(byte[] file)
    {
        var error = ReadRows.Refused(() => Open(file).Dispose());
        Assert.Equal("SourceUnreadable", error.ErrorId);
        return error;
    }

    private static ParquetRowReader Open(byte[] file) => ParquetFile.Open(new MemoryStream(file), ParquetFile.Look(new MemoryStream(file), "people.parquet"), "people.parquet");
}
