using System.Text;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Segments;

/// <summary>Files that other programs write in ways of their own.</summary>
public sealed class OddFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int, bool, bool> Utf32 { get; } = new(
        from bigEndian in (bool[])[false, true]
        from mark in (bool[])[false, true]
        from text in (int[])[0, 1]
        select (text, bigEndian, mark));

    [Theory]
    [MemberData(nameof(Utf32))]
    public void UTF_32_is_read_in_both_orders_of_bytes_with_and_without_mark(int text, bool bigEndian, bool mark)
    {
        var encoding = new UTF32Encoding(bigEndian, mark);
        string content = text == 0 ? "email,firstName\r\na@x.com,Renée\r\n" : """{"email":"a@x.com","firstName":"Renée"}""";
        using var file = Open([.. encoding.GetPreamble(), .. encoding.GetBytes(content)]);

        Assert.Equal(["a@x.com|Renée"], RowsOf(file));
        Assert.Equal(mark ? 4 : 0, file.Form.MarkLength);

        // The journal remembers the encoding by its name.
        using var again = SavedForm.Of(file).Open(file.Path);
        Assert.Equal(["a@x.com|Renée"], RowsOf(again));
    }

    [Theory]
    [InlineData("email,firstName\r\n-----,---------\r\na@x.com,Ann\r\n\r\n(1 row affected)\r\n")]
    [InlineData("email,firstName\r\n-----,---------\r\na@x.com,Ann\r\n\r\n(3 rows affected)\r\n\r\nCompletion time: 2026-11-27T05:28:22.1234567+00:00\r\n")]
    [InlineData("email,firstName\na@x.com,Ann\n\n(1 rows affected)")]
    [InlineData("email     ;firstName \n----------;----------\na@x.com;Ann\n(1 row(s) affected)\n")]
    [InlineData("\"email\",\"firstName\"\n\"-----\",\"---------\"\n\"a@x.com\",\"Ann\"\n")]
    public void Lines_that_SQL_Server_writes_around_its_rows_are_nobody(string text)
    {
        using var file = Open(Encoding.UTF8.GetBytes(text));

        Assert.Equal(["a@x.com|Ann"], RowsOf(file));
        Assert.Equal(1, file.Form.Rows);
    }

    [Theory]
    [InlineData("(x),Ann")]
    [InlineData("---,Ann")]
    [InlineData("-,-")]
    [InlineData("----,----")]
    [InlineData("(1 row affected),Ann")]
    [InlineData("Completion,Ann")]
    [InlineData("-a,-")]
    public void Rows_that_only_look_like_such_lines_are_rows(string row)
    {
        using var file = Open(Encoding.UTF8.GetBytes($"email,firstName\n{row}\n"));

        Assert.Equal([row.Replace(',', '|')], RowsOf(file));
    }

    [Theory]
    [InlineData("{'email':'secret@x.com'}\n{'email':'b@x.com'}\n", "is not valid JSON")]
    [InlineData("{email:\"secret@x.com\"}\n", "is not valid JSON")]
    [InlineData("// export\n{\"email\":\"secret@x.com\"}\n", "has a comment")]
    [InlineData("/* of today */ [{\"email\":\"secret@x.com\"}]", "has a comment")]
    [InlineData("[\"secret@x.com\",\"b@x.com\"]", "something else than an object")]
    [InlineData("[[\"email\"],[\"secret@x.com\"]]", "something else than an object")]
    [InlineData("['secret@x.com']", "something else than an object")]
    public void What_begins_like_JSON_and_is_none_is_told_as_that(string text, string saying)
    {
        var error = Assert.Throws<SegmentPushException>(() => Open(Encoding.UTF8.GetBytes(text)));

        Assert.Equal("SourceUnreadable", error.ErrorId);
        Assert.Contains(saying, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-Delimiter", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_in_brackets_is_no_JSON()
    {
        using var file = Open(Encoding.UTF8.GetBytes("[email],{firstName}\na@x.com,Ann\n"));

        Assert.Equal(["a@x.com|Ann"], RowsOf(file, "[email]", "{firstName}"));
    }

    [Fact]
    public void A_row_that_can_be_read_in_two_ways_is_named_with_its_column_and_not_with_its_text()
    {
        var error = Assert.Throws<SegmentPushException>(() => Open("email,firstName,title\na@x.com,Ann,\"secret\\\\\"\n"u8.ToArray()));
        Assert.Equal("EscapeAmbiguous", error.ErrorId);
        Assert.Contains("column 3, 'title'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);

        // Without a header the names would be people's.
        error = Assert.Throws<SegmentPushException>(() => Open("a@x.com,Ann,Secret\nb@x.com,Bea,\"x\\\\\"\n"u8.ToArray()));
        Assert.Contains("column 3.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Backslashes_that_alone_make_all_rows_even_are_not_left_out_because_a_cell_has_quotes_at_both_ends()
    {
        var error = Assert.Throws<SegmentPushException>(() => Open("email,firstName,title\na@x.com,\"Al\",\\,\n"u8.ToArray()));

        Assert.Equal("EscapeAmbiguous", error.ErrorId);

        // Rows with surplus cells that hold something are rejected, and the quotes stay quotes.
        using var file = Open("email,firstName,title\nb@x.com,\"Bea\",x\na@x.com,\"Al\",b\\,c\n"u8.ToArray());
        using var reader = file.OpenReader();
        Assert.True(reader.Read());
        Assert.Equal("Bea", reader.GetValue(1));
        Assert.True(reader.Read());
        Assert.Equal("TooManyColumns", reader.Fault!.Code);
    }

    [Fact]
    public void A_property_that_is_there_nested_and_with_dots_is_told_as_that()
    {
        using var file = Open("""{"email":"a@x.com","person":{"name":{"firstName":"Ann"}},"person.name.firstName":"Bea"}"""u8.ToArray());
        using var reader = file.OpenReader();

        var error = Assert.Throws<SegmentPushException>(() => reader.FindColumn("person.name.firstName"));

        Assert.Equal("SourceColumnAmbiguous", error.ErrorId);
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_matches_two_columns_is_told_as_the_mapping_spells_it()
    {
        using var file = Open("person.name_firstName,person_name_firstName\nAnn,Bea\n"u8.ToArray());
        using var reader = file.OpenReader();

        var error = Assert.Throws<SegmentPushException>(() => ((ISegmentReader)reader).FindColumn("person.name.firstName"));

        Assert.Contains("'person.name.firstName'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delimiter_that_nobody_sees_is_shown_by_its_number()
    {
        using var file = Open("email\u0001firstName\na@x.com\u0001Ann\n"u8.ToArray(), new FormOptions { Delimiter = '\u0001' });

        Assert.Contains("delimiter '[U+0001]'", file.Form.Describe().English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email,firstName\na@x.com, \"Ann\"\nb@x.com,Bea\n")]
    [InlineData("email,firstName\na@x.com,  \"Ann\"  \nb@x.com,\"Bea\"\n")]
    public void A_cell_whose_quotes_come_after_blanks_rejects_its_row_because_the_quotes_may_be_text(string text)
    {
        using var file = Open(Encoding.UTF8.GetBytes(text));
        using var reader = file.OpenReader();

        Assert.True(reader.Read());
        Assert.Equal("MalformedQuote", reader.Fault!.Code);
        Assert.True(reader.Read());
        Assert.Null(reader.Fault);

        // Where the user says that nothing is quoted, quotes are text.
        Assert.Equal("a@x.com| \"Ann\"", RowsOf(Open("email,firstName\na@x.com, \"Ann\"\n"u8.ToArray(), new FormOptions { Escape = CellEscape.None }))[0]);
    }

    private FileSource Open(byte[] content, FormOptions? options = null)
    {
        string path = Path.Combine(_folder.Path, "segment.txt");
        File.WriteAllBytes(path, content);
        return FileSource.Open(path, options ?? FormOptions.None);
    }

    private static List<string> RowsOf(FileSource file, string email = "email", string first = "firstName")
    {
        using var reader = file.OpenReader();
        int one = reader.FindColumn(email), other = reader.FindColumn(first);
        var rows = new List<string>();
        while (reader.Read())
        {
            Assert.Null(reader.Fault);
            rows.Add($"{reader.GetValue(one)}|{reader.GetValue(other)}");
        }

        return rows;
    }
}
