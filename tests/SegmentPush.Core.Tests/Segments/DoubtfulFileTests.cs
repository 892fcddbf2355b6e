using System.Text;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Segments;

/// <summary>What could be read in two ways is rejected or refused: no row vanishes, no value is cut apart, and nothing that is nobody becomes a person.</summary>
public sealed class DoubtfulFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("PARENT_EMAIL,FIRST\na@example.com,Ann\n")]
    [InlineData("PAR1,FIRST\na@example.com,Ann\n")]
    [InlineData("BZhdr,FIRST\na@example.com,Ann\n")]
    [InlineData("ORC,FIRST\na@example.com,Ann\n")]
    public void A_header_that_begins_like_a_binary_file_is_a_header(string text) => Assert.Equal(["a@example.com|Ann"], Rows(text));

    [Theory]
    [InlineData("PARE\u0015\u0002\u0019x", "encrypted Parquet")]
    [InlineData("BZh91AY&SY\u0001\u0002", "bzip2")]
    [InlineData("ORC\n\u0003\u0010\u0001", "ORC")]
    public void A_binary_file_is_told_by_what_follows_its_name(string text, string kind) =>
        Assert.Contains(kind, Refusal(text).Message, StringComparison.Ordinal);

    [Fact]
    public void A_header_with_control_characters_is_a_text_where_its_encoding_is_named() => Assert.Equal(
        ["a@example.com|Ann"],
        Rows("PARENT_EMAIL\u0001FIRST\na@example.com\u0001Ann\n", new FormOptions { Encoding = "utf8", Delimiter = '\u0001' }));

    [Theory]
    [InlineData("sep=;\r\nemail;firstName\r\na@example.com;Ann\r\nb@example.com;Jos\u00E9\r\n", "row 2 (line 4)")]
    [InlineData("sep=;\r\nemail;Stra\u00DFe\r\na@example.com;Ann\r\n", "its header (line 2)")]
    [InlineData("email,firstName,notes\r\na@example.com,Ann,\"x\r\ny\r\nz\"\r\n\r\nb@example.com,Jos\u00E9,q\r\n", "row 2 (line 6)")]
    [InlineData("email,firstName\ra@example.com,Ann\rb@example.com,Jos\u00E9\r", "row 2 (line 3)")]
    [InlineData("email,firstName\na@example.com,\"Ann\nb@example.com,Jos\u00E9\n", "first in line 3")]
    public void The_row_that_is_not_UTF_8_is_counted_as_the_reader_counts_it(string text, string row)
    {
        var error = Assert.Throws<SegmentPushException>(() => Rows(Encoding.Latin1.GetBytes(text)));

        Assert.Equal("EncodingUnknown", error.ErrorId);
        Assert.Contains(row, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_of_a_NUL_is_counted_in_a_file_of_carriage_returns_too() =>
        Assert.Contains("line 3", Refusal("email,firstName\ra@example.com,Ann\rb@example.com,B\0ob\r").Message, StringComparison.Ordinal);

    private SegmentPushException Refusal(string text) => Assert.Throws<SegmentPushException>(() => Rows(text));

    private List<string> Rows(string text, FormOptions? options = null) => Rows(Encoding.UTF8.GetBytes(text), options);

    // The values of each row; a row with a fault as "!" and its code.
    private List<string> Rows(byte[] bytes, FormOptions? options = null)
    {
        string path = _folder.File("segment.csv");
        File.WriteAllBytes(path, bytes);
        using var file = FileSource.Open(path, options ?? FormOptions.None);
        using var reader = file.OpenReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.Fault is { } fault ? "!" + fault.Code : string.Join('|', reader.Columns.Select((_, i) => reader.GetValue(i).ToString())));
        return rows;
    }
}
