using System.Text;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Segments;

public sealed class DelimitedReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[]> Encodings { get; } = new()
    {
        { "UTF-8", new UTF8Encoding(false).GetBytes("mail,name\r\nann@example.com,Zoë\r\n") },
        { "UTF-8 with a mark", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("mail,name\r\nann@example.com,Zoë\r\n")] },
        { "UTF-16 LE", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("mail,name\r\nann@example.com,Zoë\r\n")] },
        { "UTF-16 BE", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("mail,name\r\nann@example.com,Zoë\r\n")] },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Accents_come_through_in_every_encoding(string encoding, byte[] file)
    {
        Assert.NotEmpty(encoding);
        Assert.Equal([["mail", "name"], ["ann@example.com", "Zoë"]], Read(file));
    }

    [Theory]
    [InlineData("a,b\n1,2")]
    [InlineData("a;b\n1;2")]
    [InlineData("a\tb\n1\t2")]
    [InlineData("\"a,a,a\";b\n1;2")]
    [InlineData("a,b\r1,2\r")]
    [InlineData("\r\n\r\na,b\r\n\r\n1,2\r\n  \r\n")]
    [InlineData(" a , b \n1,2")]
    public void Delimiter_and_line_ends_are_found_by_looking(string text)
    {
        var rows = Read(text);

        Assert.Equal(["1", "2"], rows[1]);
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public void A_delimiter_that_is_given_is_taken()
    {
        Assert.Equal([["a,a", "b"], ["1,1", "2"]], Read("a,a|b\n1,1|2"u8.ToArray(), new FormOptions { Delimiter = '|' }));
    }

    [Fact]
    public void Quoted_cells_hold_delimiters_quotes_and_line_breaks()
    {
        var rows = Read("a,b,c\n\"x,y\",\"say \"\"hi\"\"\",\"one\r\ntwo\"\n5\" pipe,,\"\"\n");

        Assert.Equal(["x,y", "say \"hi\"", "one\r\ntwo"], rows[1]);
        Assert.Equal(["5\" pipe", "", ""], rows[2]);
    }

    [Fact]
    public void Cells_with_escaped_quotes_hold_until_the_next_row()
    {
        string path = _folder.File("segment.csv");
        File.WriteAllText(path, "a,b\n\"say \"\"hi\"\"\",\"say \"\"ho\"\"\"\n");
        using var source = FileSource.Open(path, FormOptions.None);
        using var reader = source.OpenReader();
        Assert.True(reader.Read());

        var one = reader.GetValue(0);
        var other = reader.GetValue(1);

        Assert.Equal("say \"hi\"", one);
        Assert.Equal("say \"ho\"", other);
    }

    [Fact]
    public void A_row_that_begins_like_a_comment_is_a_row()
    {
        Assert.Equal([["a", "b"], ["#1", "2"], ["3", "4"]], Read("a,b\n#1,2\n3,4\n"));
    }

    [Theory]
    [InlineData("1,2,3", "TooManyColumns")]
    [InlineData("1,2,,4", "TooManyColumns")]
    [InlineData("\"1\"x,2", "MalformedQuote")]
    public void A_malformed_row_is_at_fault_alone(string row, string code)
    {
        Assert.Equal([["a", "b"], ["0", "0"], ["!" + code], ["9", "9"]], Read($"a,b\n0,\"0\"\n{row}\n9,9\n"));
    }

    [Fact]
    public void Bytes_that_are_not_of_a_named_encoding_are_at_fault_alone()
    {
        byte[] file = [.. "a,b\n0,0\nZo"u8, 0xEB, .. ",1\n9,9\n"u8];

        Assert.Equal([["a", "b"], ["0", "0"], ["!InvalidEncoding"], ["9", "9"]], Read(file, new FormOptions { Encoding = "utf8" }));
    }

    [Fact]
    public void A_NUL_far_into_the_file_is_at_fault_alone()
    {
        string[] before = [.. Enumerable.Repeat("0,0", 20_000)];

        var rows = Read(string.Join('\n', ["a,b", .. before, "1,\0", "9,9"]));

        Assert.Equal([["!NulCharacter"], ["9", "9"]], rows[^2..]);
    }

    [Theory]
    [InlineData("1,2,,\n")]
    [InlineData("1,2,\" \"\n")]
    public void Surplus_cells_without_content_are_none(string row) => Assert.Equal([["a", "b"], ["1", "2"]], Read("a,b\n" + row));

    [Fact]
    public void Missing_last_cells_are_empty() => Assert.Equal([["a", "b"], ["1", ""], ["3", "4"]], Read("a,b\n1\n3,4\n"));

    [Fact]
    public void Rows_without_content_and_cells_of_blanks_are_empty() =>
        Assert.Equal([["a", "b"], ["1", ""]], Read("a,b\n,\n\"\",\"\"\n\u00A0,\u2003\n1,\u00A0\u3000\n,\n"));

    [Theory]
    [InlineData("", "FileEmpty")]
    [InlineData("\r\n\r\n", "FileEmpty")]
    [InlineData("a,b\r\n", "FileHasNoRows")]
    [InlineData("a,b\r\n\r\n", "FileHasNoRows")]
    [InlineData("a,b, A \r\n1,2,3", "DuplicateColumn")]
    [InlineData("a,\"b\"x\r\n1,\"2\"", "HeaderMalformed")]
    [InlineData("PK\u0003\u0004rest", "BinaryFile")]
    [InlineData("a\0,b\n1,2", "BinaryFile")]
    [InlineData("\0\u0001\u0002\0\u0003\0", "BinaryFile")]
    [InlineData("a,b\n0,0\n\"1,2\n3,4\n5,6\n", "SourceUnreadable")]
    [InlineData("a,b\n0,0\n1", "RowCutOff")]
    [InlineData("report of today\na,b\n1,2\n", "PreambleNotUnderstood")]
    [InlineData("a,b;c\n1,2;3\n", "DelimiterAmbiguous")]
    [InlineData("a,b\n\"x\\\\y\",2\n", "EscapeAmbiguous")]
    public void A_file_that_is_no_segment_is_refused(string text, string id)
    {
        Assert.Equal(id, Assert.Throws<SegmentPushException>(() => Read(text)).ErrorId);
    }

    [Fact]
    public void A_missing_file_a_folder_and_an_archive_are_told_apart()
    {
        Assert.Equal("FileNotFound", Assert.Throws<SegmentPushException>(() => Open(_folder.File("no.csv"))).ErrorId);
        Assert.Equal("PathIsDirectory", Assert.Throws<SegmentPushException>(() => Open(_folder.Path)).ErrorId);
        Assert.Equal("SourceUnreadable", Assert.Throws<SegmentPushException>(() => Read([0x1F, 0x8B, 8, 0])).ErrorId);
    }

    [Fact]
    public void Progress_goes_from_the_start_to_the_end()
    {
        string path = _folder.File("long.csv");
        File.WriteAllLines(path, ["a,b", .. Enumerable.Range(0, 50_000).Select(i => $"{i},{i}")]);
        using var reader = Open(path);
        var seen = new List<double>();
        while (reader.Read()) seen.Add(reader.Progress!.Value);

        Assert.True(seen[0] < 0.5);
        Assert.Equal(1, seen[^1]);
        Assert.Equal(seen.Order(), seen);
    }

    private static ISegmentReader Open(string path) => FileSource.Open(path, FormOptions.None).OpenReader();

    private List<string[]> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    // The header and the rows; a row with a fault as "!" and its code. Numbers must go up by one.
    private List<string[]> Read(byte[] file, FormOptions? options = null)
    {
        string path = _folder.File("segment.csv");
        File.WriteAllBytes(path, file);
        using var source = FileSource.Open(path, options ?? FormOptions.None);
        using var reader = source.OpenReader();
        var rows = new List<string[]> { reader.Columns.ToArray() };
        while (reader.Read())
        {
            Assert.Equal(rows.Count, reader.Row);
            rows.Add(reader.Fault is { } fault ? ["!" + fault.Code] : [.. reader.Columns.Select((_, i) => reader.GetValue(i).ToString())]);
        }

        return rows;
    }
}
