using System.Text;
using SegmentPush.Segments;
using SegmentPush.Segments.Delimited;

namespace SegmentPush.Core.Tests.Segments;

/// <summary>What could be read in two ways is rejected or refused: no row vanishes, no value is cut apart, and nothing that is nobody becomes a person.</summary>
public sealed class DoubtfulFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"\"b@example.com\"\",\"\"Bob\"\"")]
    [InlineData("\" \"x,\" \"y")]
    [InlineData("\"\"x,\" \"")]
    public void A_row_whose_quotes_do_not_match_is_rejected_and_does_not_vanish_as_a_blank_one(string row)
    {
        Assert.Equal(["a@example.com|Ann", "!MalformedQuote", "c@example.com|Cid"], Rows($"email,firstName\na@example.com,Ann\n{row}\nc@example.com,Cid\n"));
        Assert.Equal(["!MalformedQuote", "!MalformedQuote"], Rows($"email,firstName\n{row}\n{row}\n"));
        Assert.Equal("HeaderMalformed", Refusal($"{row}\na@example.com,Ann\n").ErrorId);
    }

    [Theory]
    [InlineData("b@example.com,Bob")]
    [InlineData("b@example.com,Bob,x")]
    [InlineData("b@example.com,Bob,x,")]
    public void A_line_feed_in_a_cell_cuts_no_value_whatever_the_other_rows_are_like(string other)
    {
        Assert.Equal("!LoneLineEnd", Rows($"email,firstName,notes\r\na@example.com,Ann,line1\nline2\r\n{other}\r\n")[0]);
        Assert.Equal("!LoneLineEnd", Rows($"email,firstName,notes\r\na@example.com,Ann,line1\n\nline2, more\r\n{other}\r\n")[0]);
        Assert.Equal("!LoneLineEnd", Rows($"email,firstName,notes\r\n{other}\r\na@example.com,An\nn,line1\nline2\r\n")[^1]);
    }

    [Fact]
    public void A_line_feed_in_a_cell_cuts_no_value_though_other_line_feeds_part_rows()
    {
        Assert.Equal(["!LoneLineEnd", "!LoneLineEnd"], Rows("email,note,city\r\na@x.com,likes\n tea,Paris\r\nb@x.com,n,Rome\nc@x.com,n,Oslo\r\n"));
        Assert.Equal(["!LoneLineEnd", "d@x.com|n|Rom"], Rows("email,note,city\r\na@x.com,b\nx,y\nc@x.com,n\r\nd@x.com,n,Rom\r\n"));
    }

    [Fact]
    public void Blank_lines_and_cells_in_quotes_leave_the_rows_that_a_line_feed_parts()
    {
        Assert.Equal(["a@x.com|", "b@x.com|n"], Rows("email,note\r\na@x.com\r\n\nb@x.com,n\r\n"));
        Assert.Equal(["a@x.com|n|", "b@x.com|m|"], Rows("email,note,city\r\na@x.com,n\n\nb@x.com,m\r\n"));
        Assert.Equal(["Smith, Ann|a@x.com|", "Bob|b@x.com|", "Cid|c@x.com|x"], Rows("name,email,city\r\n\"Smith, Ann\",a@x.com\nBob,b@x.com\r\nCid,c@x.com,x\r\n"));
        Assert.Equal(["a@x.com|n", "|m", "c@x.com|o"], Rows("email,note\r\na@x.com,n\n,m\r\nc@x.com,o\r\n"));
    }

    [Fact]
    public void Rows_that_end_with_a_line_feed_are_rows_in_a_file_whose_other_rows_end_with_both()
    {
        Assert.Equal(["a|A|1", "b|B|2", "c|C|", "d|D|4"], Rows("x,y,z\r\na,A,1\nb,B,2\nc,C\r\nd,D,4\r\n"));
        Assert.Equal(["a|A|1", "b||", "c|C|3"], Rows("x,y,z\r\na,A,1\r\nb\r\nc,C,3\n"));
        Assert.Equal(["a@x|A|1", "b@x|B|", "c@x|C|", "d@x|D|"], Rows("x,y,z\r\na@x,A,1\r\nb@x,B\nc@x,C\nd@x,D\r\n"));
        Assert.Equal(["a|A|1", "b|B|", "c|C|", "d|D|", "e|E|"], Rows("x,y,z\r\na,A,1\r\nb,B\nc,C\nd,D\ne,E\n"));
        Assert.Equal(["a|A|", "b|B|", "c|C|1", "d|D|"], Rows("x,y,z\na,A\nb,B\nc,C,1\r\nd,D\n"));
        Assert.Equal(["a@x|A|", "b@x|B|x"], Rows("x,y,z\na@x,A\nb@x,B,x\r\n"));
    }

    [Fact]
    public void A_header_that_ends_with_another_line_end_than_its_rows_is_told_as_that()
    {
        var error = Refusal("email,firstName,notes\ra@example.com,Ann\rb@example.com,Bob,x\n");

        Assert.Equal("HeaderMalformed", error.ErrorId);
        Assert.Contains("line feed", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("quotes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crmId,firstName\nA1,Ann\ncrmId,firstName\nB1,Bob\n")]
    [InlineData("crmId,firstName\nA1,Ann\n\uFEFF\"CrmId\", firstName \nB1,Bob\n")]
    [InlineData("\uFEFF\uFEFF\"crmId\",\"firstName\"\nA1,Ann\n\uFEFFcrmId,firstName\n\uFEFF\"B1\",\"Bob\"\n\uFEFF")]
    public void A_header_that_comes_again_in_the_middle_is_no_person(string text)
    {
        Assert.Equal(["A1|Ann", "!HeaderRepeated", "B1|Bob"], Rows(text));
        Assert.Equal(["A1|Ann", "!HeaderRepeated", "B1|Bob"], Rows([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)]));
    }

    [Fact]
    public void A_header_that_comes_again_stays_rejected_in_a_reject_file() =>
        Assert.Equal(["!HeaderRepeated"], Rows("crmId,firstName',_Row,_Code,_Reason\ncrmId,firstName,2,HeaderRepeated,\"x\"\n").Select(row => row.Split('|')[0]));

    [Theory]
    [InlineData("firstName,email,city")]
    [InlineData("\uFEFF\"EMAIL\",\"city\"")]
    [InlineData("email,firstName,company")]
    [InlineData("email,city,first name,")]
    [InlineData("email,company,phone")]
    [InlineData("company,email,firstName")]
    [InlineData("email,,city name,first_name")]
    [InlineData("email,firstName,city,company")]
    [InlineData("\uFEFFemail,first name,city,,address2")]
    [InlineData("email")]
    [InlineData("\"First Name\"")]
    public void A_second_header_with_other_columns_or_in_another_order_is_refused(string header)
    {
        var error = Refusal($"email,firstName,city\na@x.com,Ann,Rome\n{header}\nb@x.com,Bob,Oslo\n");

        Assert.Equal("HeadersDiffer", error.ErrorId);
        Assert.Contains("Line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_to_which_a_longer_one_with_more_columns_was_added_is_refused_for_its_second_header()
    {
        var error = Refusal("email,firstName\na@x.com,Ann\nemail,firstName,city\nb@x.com,Bob,Oslo\nc@x.com,Cyd,Rome\nd@x.com,Dan,Bonn\n");

        Assert.Equal("HeadersDiffer", error.ErrorId);
        Assert.Contains("Line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_title_that_is_named_like_a_column_is_no_header() =>
        Assert.Equal("PreambleNotUnderstood", Refusal("Email\nemail,firstName\na@x.com,Ann\nb@x.com,Bob\n").ErrorId);

    [Theory]
    [InlineData("crmId,name,city\nA1,Ann,Rome\nA2,Name,Oslo\n")]
    [InlineData("id,email,first name,last name\n1,ann@example.com,Ann,Lee\n2,,First Name,Last Name\n")]
    [InlineData("ID,Name,ID type\nA1,Ann,Passport\nA2,Bob,ID\n")]
    public void A_row_with_an_id_and_words_of_the_header_is_a_row(string text) => Assert.Equal(2, Rows(text).Count);

    [Fact]
    public void Cells_that_are_named_like_columns_are_cells() => Assert.Equal(
        ["a@x.com|Newsletter|Webinar", "|Newsletter|Webinar", "Newsletter|Webinar|b@x.com", "Newsletter|Ann|Lee"],
        Rows("email,Newsletter,Webinar\na@x.com,Newsletter,Webinar\n,Newsletter,Webinar\nNewsletter,Webinar,b@x.com\nNewsletter,Ann,Lee\n"));

    [Fact]
    public void Answers_that_are_named_like_columns_are_answers() => Assert.Equal(["2|1|3|7", "B|A|3|8"], Rows("1,2,A,crmId\n2,1,3,7\nB,A,3,8\n"));

    [Fact]
    public void A_text_that_begins_with_a_byte_order_mark_is_written_so_that_it_keeps_it()
    {
        string path = _folder.File("mark.csv");
        using (var writer = new DelimitedFileWriter(path, ',', DelimitedFileWriter.Utf8))
        {
            writer.WriteCell("a");
            writer.WriteCell("b");
            writer.EndRow();
            writer.WriteCell("\uFEFFx");
            writer.WriteCell("\uFEFFy");
            writer.EndRow();
        }

        Assert.Equal(["\uFEFFx|\uFEFFy"], Rows(File.ReadAllBytes(path)));
    }

    [Theory]
    [InlineData("a@example.com, \"Smith, John\"")]
    [InlineData("a@example.com,\t\"Smith, John\"")]
    [InlineData("a@example.com, \"12\"\" pipe, steel\"")]
    [InlineData("a@example.com,\t\"Ann\",x")]
    [InlineData("a@example.com,\u00A0\"Ann\",x")]
    [InlineData("a@example.com,\uFEFF\"Ann\",x")]
    [InlineData("a@example.com,\"Ann\"\t,x")]
    [InlineData("a@example.com,\"Ann, Lee\" Jr")]
    public void Quotes_of_a_cell_are_never_sent_as_a_part_of_its_text(string row)
    {
        Assert.Equal(["!MalformedQuote", "b@example.com|Bob|Lee"], Rows($"email,firstName,lastName\n{row}\nb@example.com,Bob,Lee\n"));
        Assert.Equal(["!MalformedQuote", "b@example.com|Bob|Lee"], Rows($"email,firstName,lastName\n{row}\nb@example.com,\"Bob\",Lee\n"));
    }

    [Theory]
    [InlineData("5\" pipe,\"Fast\" Eddie\nBo\"b,6\"\n", "5\" pipe|\"Fast\" Eddie", "Bo\"b|6\"")]
    [InlineData("a, \"Bob\" Lee\nb,\"Ann\" Poe\n", "a| \"Bob\" Lee", "b|\"Ann\" Poe")]
    [InlineData("a,\"Bob & Partne\nb,\"Ann & Co\" GmbH\n", "a|\"Bob & Partne", "b|\"Ann & Co\" GmbH")]
    public void Quotes_that_are_text_stay_text(string rows, params string[] expected) => Assert.Equal(expected, Rows("x,y\n" + rows));

    [Theory]
    [InlineData("c@example.com")]
    [InlineData("c@example.com,Cid")]
    [InlineData("c@example.com,Cid,")]
    [InlineData("c@example.com,\"Lee, Cid\"")]
    public void Two_lone_quotes_that_may_swallow_a_person_are_refused_whatever_the_other_rows_are_like(string other)
    {
        var error = Refusal($"email,firstName\na@example.com,\"Ann\nb@example.com,Bob\"\n{other}\n");

        Assert.Equal("EscapeAmbiguous", error.ErrorId);
        Assert.Contains("The row on line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("several lines", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Escape Double", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("-Escape None", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not-an-address,x,y")]
    [InlineData("bye")]
    [InlineData(",Dora,none")]
    [InlineData("one,two,three,four")]
    public void Two_lone_quotes_that_swallow_a_person_are_refused_whatever_other_lines_stand_between_them(string line)
    {
        Assert.Equal("EscapeAmbiguous", Refusal($"email,firstName,note\na@x.com,Ann,\"5 inch\nb@x.com,Bob,ok\n{line}\nc@x.com,Cid,\"\nd@x.com,Di,x\n").ErrorId);
        Assert.Equal("EscapeAmbiguous", Refusal($"email,firstName,note\r\na@x.com,Ann,\"5 inch\r\n{line}\r\nb@x.com,Bob,ok\r\nbye\"\r\nd@x.com,Di,x\r\n").ErrorId);
        Assert.Equal("EscapeAmbiguous", Refusal($"crmId,firstName,note\n1001,Ann,\"5 inch\n1002,Bob,ok\n{line}\n1003,Cid,\"\n1004,Di,x\n").ErrorId);
        Assert.Equal("EscapeAmbiguous", Refusal($"crmId,firstName,note\n0f3a-b7,Ann,\"5 inch\nb71c-04,Bob,ok\n{line}\n33d0-9e,Cid,\"\n1004,Di,x\n").ErrorId);
    }

    [Theory]
    [InlineData("email,firstName,note\na@x.com,Ann,\"5 inch\nb@x.com,Bob,ok, fine\nbye\"\nd@x.com,Di,x\n")]
    [InlineData("email,firstName,note\na@x.com,Ann,\"5 inch\nb@x.com,Bob,ok,\nbye\"\nd@x.com,Di,x\n")]
    [InlineData("email,firstName,note,city\na@x.com,Ann,\"5 inch\nb@x.com,Bob\nbye\",x\nd@x.com,Di,x\n")]
    [InlineData("email,firstName,note\na@x.com,Ann,\"5 inch\nb@x.com,Bob,ok\nc@x.com,Cid,\"\r\nd@x.com,Di,x\n")]
    [InlineData("firstName,note,email\nAnn,\"5 @ inch,a@x.com\nBob,ok,b@x.com\n\nCid,\",c@x.com\nDi,x,d@x.com\n")]
    [InlineData("crmId,email,note\n1001,a@x.com,\"5 inch\n1002,,ok\nbye\"\n1004,d@x.com,x\n")]
    [InlineData("crmId,firstName,note\n7,Ann,\"5 inch\n8,Bob,ok\n\n9,Cid,\"\n10,Di,x\n")]
    [InlineData("firstName,crmId,note\nAnn,1001,\"5 inch\nBob,1002,ok\n\nCid,1003,\"\nDi,1004,x\n")]
    public void Two_lone_quotes_that_swallow_a_person_are_refused_wherever_its_address_or_id_stands(string text) => Assert.Equal("EscapeAmbiguous", Refusal(text).ErrorId);

    [Fact]
    public void A_quote_that_does_not_match_and_hides_people_is_refused() =>
        Assert.Equal("EscapeAmbiguous", Refusal("email,firstName,note\na@x.com,Ann,\"5 inch\nb@x.com,Bob,ok\nc@x.com,Cid,\"6\" pipe\nd@x.com,\"Di, Lee\",x\n").ErrorId);

    [Theory]
    [InlineData("a@x.com,Ann,\"Main St 4\nSpringfield, IL, 62701\"")]
    [InlineData("a@x.com,Ann,\"Hi,\nplease write to b@x.com, thanks\nCid, Sales, Rome\"")]
    [InlineData("a@x.com,Ann,\"Hi Bob,\n1, 2, 3\n\nb@x.com\"")]
    [InlineData("10234,Ann,\"Suite 5\n75001, Paris, FR\"")]
    [InlineData("2001,Ann,\"\n2019, bought, x\"")]
    [InlineData("0035g00000abcdE,Ann,\"Notes:\n1st, call, ok\"")]
    [InlineData("7,Ann,\"Main St, Floor 4\nSpringfield, IL, 62701\"")]
    public void A_cell_of_several_lines_is_read_whose_lines_are_none_of_the_rows(string row) =>
        Assert.Equal(2, Rows($"email,firstName,note\n{row}\nd@x.com,Di,x\n").Count);

    [Theory]
    [InlineData("a@x.com,\"Kind regards,\nAnn\na@x.com\",Rome")]
    [InlineData("a@x.com,\"Kind regards,\nAnn Lee | ACME | a@acme.com\",Rome")]
    [InlineData("a@x.com,\"Kind regards,\nE: a@acme.com\",Rome")]
    public void A_note_that_ends_with_the_address_of_its_writer_is_read(string row) =>
        Assert.Equal(2, Rows($"email,note,city\n{row}\nd@x.com,Di,x\n").Count);

    [Theory]
    [InlineData("name,note,email\nAnn,a,a@x.com\n\"Bud,x,\nCid,y,c@x.com\nDi,y,d@x.com\nJoe 5\",z,b@x.com\n")]
    [InlineData("title,email,num\nVP,a@x.com,1\n\"CTO,b@x.com,\nVP,c@x.com,7\nCTO,d@x.com,9\"\nVP,e@x.com,1\n")]
    public void Two_lone_quotes_are_refused_also_where_the_first_one_begins_a_row(string text) => Assert.Equal("EscapeAmbiguous", Refusal(text).ErrorId);

    [Fact]
    public void A_wholly_quoted_file_is_read_whose_quoted_lines_have_addresses() => Assert.Equal(
        ["a@x.com|Cc:\nb@x.com, Bob", "b@x.com|n"],
        Rows("\"email\",\"note\"\n\"a@x.com\",\"Cc:\nb@x.com, Bob\"\n\"b@x.com\",\"n\"\n"));

    [Theory]
    [InlineData("a@example.com,\"x\nb@example.com,Ann\"\nc@example.com,a,w\n")]
    [InlineData("\"a@example.com\",Bob,\"x\nb@example.com,Ann,y\"\nc@example.com,\"a,b\",w\n")]
    [InlineData("A1,Ann,\"x\nB1,Bob,y\"\nC1,Cid,z\n")]
    [InlineData("a@example.com,1,\"x\n,2,y\nc@example.com,3,z\"\n")]
    public void So_they_are_where_the_rows_have_fewer_cells_or_other_quotes(string rows) =>
        Assert.Equal("EscapeAmbiguous", Refusal("id,first,last\n" + rows).ErrorId);

    [Theory]
    [InlineData("email,address\r\nann@example.com,\"12 Main St\nSpringfield, IL 62701\"\r\nbob@example.com,\"1 Oak Ave, Reno\"\r\n")]
    [InlineData("email,address\nann@example.com,\"12 Main St\nSpringfield, IL 62701\"\nbob@example.com,\"1 Oak Ave, Reno\"\n")]
    [InlineData("email,address\nann@example.com,\"12 Main St\nSpringfield, IL 62701\"\nbob@example.com,\"1 Oak Ave, Reno\"")]
    [InlineData("id,address\r\nann@example.com,\"12 Main St\nSpringfield, IL 62701\"\r\nbob@example.com,1 Oak Ave Reno\r\n")]
    [InlineData("\"id\",\"address\"\n\"ann@example.com\",\"12 Main St\nSpringfield, IL 62701\"\n")]
    [InlineData("\"id\",\"address\"\n\"A1\",\"12 Main St\nSpringfield, IL 62701\"\n\"B1\",\"1 Oak Ave, Reno\"\n")]
    [InlineData("id,address\r\nA1,\"12 Main St\nSpringfield, IL 62701\"\r\nB1,1 Oak Ave Reno\r\n")]
    public void A_cell_of_several_lines_is_read_where_its_lines_look_otherwise_than_the_rows(string text) =>
        Assert.Equal("12 Main St\nSpringfield, IL 62701", Rows(text)[0].Split('|')[1]);

    [Fact]
    public void Cells_of_several_lines_are_read_where_their_lines_are_no_rows()
    {
        Assert.Equal(["a|A|1 High St,\nLondon", "b|B, C|"], Rows("x,y,z\na,A,\"1 High St,\nLondon\"\nb,\"B, C\"\n"));
        Assert.Equal(["a|1 High St\nLondon, UK", "b|B, C"], Rows("x,y\n\"a\",\"1 High St\nLondon, UK\"\n\"b\",\"B, C\"\n"));
    }

    [Theory]
    [InlineData("email,first name\nperson1@example.com;Ann\nperson2@example.com;Bob\n", "','", "';'")]
    [InlineData("email;first;last\nperson1@example.com\tAnn\nperson2@example.com\tBob\n", "';'", "a tab")]
    public void A_header_with_another_delimiter_than_its_rows_is_refused_with_both_named(string text, string one, string other)
    {
        var error = Refusal(text);

        Assert.Equal("DelimiterAmbiguous", error.ErrorId);
        Assert.Contains(one, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
        Assert.Contains("-Delimiter", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_their_last_cells_are_read_by_the_delimiter_of_their_header() =>
        Assert.Equal(["a;b|", "c|", "urn:crm:1|", "urn:crm:2|"], [.. Rows("email,firstName\na;b\nc\n"), .. Rows("crmId,firstName\nurn:crm:1\nurn:crm:2\n")]);

    [Fact]
    public void An_escaped_NUL_is_rejected_as_a_NUL_is() => Assert.Equal(
        ["!NulCharacter", "b@example.com|B\tob", "c@example.com|0"],
        Rows("email\tfirstName\na@example.com\tAnn\\0Lee\nb@example.com\tB\\\tob\nc@example.com\t0\n"));

    [Fact]
    public void A_bit_of_MySQL_that_nobody_asks_for_is_no_fault()
    {
        string path = _folder.File("bits.txt");
        File.WriteAllText(path, "email\tfirst\tflag\na@example.com\tA\\\tB\t\\0\n");
        using var file = FileSource.Open(path, FormOptions.None);
        using var reader = file.OpenReader();
        int email = reader.FindColumn("email");

        Assert.True(reader.Read());
        Assert.Null(reader.Fault);
        Assert.Equal("a@example.com", reader.GetValue(email).ToString());
    }

    [Fact]
    public void A_backslash_and_N_is_no_value_also_where_no_other_backslash_is()
    {
        Assert.Equal(["a@example.com|", "|Bob"], Rows("email\tfirstName\na@example.com\t\\N\n\\N\tBob\n"));
        Assert.Equal(["a@example.com|", "b@example.com|\\N"], Rows("email,firstName\na@example.com,\\N\nb@example.com,\"\\N\"\n"));
        Assert.Equal(["a@example.com|\\N"], Rows("email\tfirstName\na@example.com\t\\N\n", new FormOptions { NullText = [] }));
    }

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

    [Fact]
    public void Quoted_cells_stand_between_blanks_where_the_blank_is_the_delimiter() => Assert.Equal(
        ["a@example.com|Ann Lee", "b@example.com|Bob"],
        Rows("\"email\" firstName\n\"a@example.com\" \"Ann Lee\"\nb@example.com Bob\n", new FormOptions { Delimiter = ' ' }));

    private SegmentPushException Refusal(string text) => Assert.Throws<SegmentPushException>(() => Rows(text));

    private List<string> Rows(string text, FormOptions? options = null) => Rows(Encoding.UTF8.GetBytes(text), options);

    // The values of each row; a row with a fault as "!" and its code.
    private List<string> Rows(byte[] bytes, FormOptions? options = null)
    {
        string path = _folder.File("segment.csv");
        File.WriteAllBytes(path, bytes);
        using var file = FileSource.Open(path, options ?? FormOptions.None);
        using var reader = file.OpenReader();
        foreach (string column in reader.Columns) Assert.True(reader.FindColumn(column) >= 0);
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.Fault is { } fault ? "!" + fault.Code : string.Join('|', reader.Columns.Select((_, i) => reader.GetValue(i).ToString())));
        return rows;
    }
}
