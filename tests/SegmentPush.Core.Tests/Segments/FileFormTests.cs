using System.IO.Compression;
using System.Text;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Segments;

/// <summary>The form of files as Experience Platform, Excel, SQL Server and Spark write them.</summary>
public sealed class FileFormTests : IDisposable
{
    private static readonly string s_cases = Path.Combine(BuiltModule.Root, "tests", "Corpus", "Cases");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Null_of_an_export_of_Experience_Platform_is_no_value_and_NULL_is_counted()
    {
        using var file = Case("01-aep-null-text/seg.csv");

        Assert.Equal(["null"], file.Form.NullText);
        Assert.Equal(
            [
                ["ada@example.com", "Ada", "", "1980-02-03", "7", "+441632960001"],
                ["ben@example.com", "", "Stone", "", "", ""],
                ["person7@example.com", "NULL", "Known", "NULL", "NULL", "NULL"],
                ["", "Nobody", "Null", "", "", ""],
            ],
            RowsOf(file));
        Assert.Equal([1L, 1, 1, 1], file.NullTexts.Where(text => text.Text == "NULL").Select(text => text.Count));
    }

    [Fact]
    public void Opening_a_small_file_takes_no_memory_for_a_large_one()
    {
        const string Text = "email,x\nada@example.com,1\n";
        Open(Text).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Open(Text).Dispose();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
    }

    [Fact]
    public void A_quoted_null_stays_text_and_other_files_have_no_null_text()
    {
        Assert.Equal([["a", "null"], ["b", ""]], RowsOf(Open("person_name_lastName,x\na,\"null\"\nb,null\n")));
        Assert.Equal([["a", "null"]], RowsOf(Open("lastName,x\na,null\n")));
        Assert.Equal([["a", ""], ["b", ""]], RowsOf(Open("lastName,x\na,NULL\nb,\\N\n", new FormOptions { NullText = ["NULL", "\\N"] })));
        Assert.Equal([["a  ", ""], ["b  ", "y   "]], RowsOf(Open("lastName,x\na  ,NULL   \nb  ,y   \n", new FormOptions { NullText = ["NULL"] })));
        Assert.Equal([["a", "null"]], RowsOf(Open("person_name_lastName,x\na,null\n", new FormOptions { NullText = [] })));
    }

    [Fact]
    public void An_escaped_quote_of_Experience_Platform_ends_no_cell()
    {
        using var file = Case("02-aep-backslash-escape/seg.csv");

        Assert.Equal(CellEscape.Backslash, file.Form.Dialect!.Value.Escape);
        Assert.Equal(
            ["Head of \"Ops\"", "The \"Best\", Inc", "Screen 19\"", "Plain", "Quoted", "Path C:\\Temp\\", "Plain", "Tail 5\"", "Plain"],
            RowsOf(file).Select(row => row[1]));
    }

    [Fact]
    public void A_quote_that_is_escaped_with_an_apostrophe_ends_no_cell()
    {
        using var file = Case("02-aep-backslash-escape/single.csv");

        Assert.Equal(CellEscape.Apostrophe, file.Form.Dialect!.Value.Escape);
        Assert.Equal(["Head of \"Ops\"", "Plain", "It's"], RowsOf(file).Select(row => row[1]));
    }

    [Fact]
    public void A_file_without_quoting_has_quotes_in_its_cells()
    {
        using var file = Case("02-aep-backslash-escape/noquotes.csv");

        Assert.Equal(CellEscape.None, file.Form.Dialect!.Value.Escape);
        Assert.Equal(["Head of \"Ops\"", "\"Fast\" Eddie", "Plain", "Screen 19\"", "\"Odd", "Plain"], RowsOf(file).Select(row => row[1]));
    }

    [Theory]
    [InlineData("a,b\n\"x\\\\y\",1\n", CellEscape.Double, "x\\\\y")]
    [InlineData("a,b\n\"x\\\\y\",1\n", CellEscape.Backslash, "x\\y")]
    [InlineData("a,b\nx\\\\y,1\n", CellEscape.Double, "x\\\\y")]
    [InlineData("a,b\nx\\\\y,1\n", CellEscape.BackslashUnquoted, "x\\y")]
    [InlineData("a,b\n\"x\",1\n", CellEscape.None, "\"x\"")]
    public void A_row_that_can_be_read_in_two_ways_is_refused_until_the_user_says_which(string text, CellEscape escape, string value)
    {
        if (escape != CellEscape.None)
        {
            var error = Assert.Throws<SegmentPushException>(() => Open(text));
            Assert.Equal("EscapeAmbiguous", error.ErrorId);
            Assert.Contains("Row 1 (line 2)", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(value, RowsOf(Open(text, new FormOptions { Escape = escape }))[0][0]);
    }

    [Theory]
    [InlineData("a,b\n\\\\server\\share,1\n", "\\\\server\\share")]
    [InlineData("a,b\nDOMAIN\\name,1\n", "DOMAIN\\name")]
    [InlineData("a,b\n\"C:\\Temp\\\",1\n", "C:\\Temp\\")]
    [InlineData("a,b\n\"one\\two, three\",1\n", "one\\two, three")]
    [InlineData("a,b\n\"say \"\"hi\"\"\",1\n", "say \"hi\"")]
    [InlineData("a\tb\nx\\\ty\t1\n", "x\ty")]
    public void Backslashes_are_read_as_the_file_means_them(string text, string value) => Assert.Equal(value, RowsOf(Open(text))[0][0]);

    [Theory]
    [InlineData("personalEmail_address,x\na,Ann\\\\B\n", "Ann\\\\B")]
    [InlineData("personalEmail_address,x\na,C:\\new\n", "C:\\new")]
    public void A_backslash_outside_quotes_of_Experience_Platform_is_a_character(string text, string value)
    {
        Assert.Equal(value, RowsOf(Open(text))[0][1]);
        Assert.Equal(value, RowsOf(Open(text, new FormOptions { Escape = CellEscape.Backslash }))[0][1]);
    }

    [Fact]
    public void Two_lone_quotes_that_may_swallow_a_row_are_refused() => Assert.Equal(
        "EscapeAmbiguous",
        Assert.Throws<SegmentPushException>(() => Open("a\tb\tc\n1\tx\tA\n2\t\"Big\tD\n3\tSmall\"\tE\n4\ty\tF\n")).ErrorId);

    [Fact]
    public void A_line_break_in_a_quoted_cell_is_one_cell() =>
        Assert.Equal([["1", "Street 1,\nParis"], ["2", "x"]], RowsOf(Open("a,b\n1,\"Street 1,\nParis\"\n2,x\n")));

    [Fact]
    public void A_blank_behind_a_closing_quote_means_nothing() => Assert.Equal([["a", "A", "B"]], RowsOf(Open("x,y,z\na,\"A\" ,B\n")));

    [Fact]
    public void A_line_feed_in_a_cell_of_a_file_whose_rows_end_with_both_rejects_its_row_alone()
    {
        using var file = Open("a\tb\tc\r\n1\tAn\nn\tfoo\r\n2\tBob\tX\r\n");
        using var rows = file.OpenReader();

        Assert.True(rows.Read());
        Assert.Equal("LoneLineEnd", rows.Fault!.Code);
        Assert.True(rows.Read());
        Assert.Null(rows.Fault);
        Assert.False(rows.Read());
    }

    [Fact]
    public void A_byte_order_mark_says_more_than_the_user()
    {
        string path = _folder.File("mark.csv");
        File.WriteAllText(path, "id,name\n1,Zoë\n", Encoding.UTF8);
        using var file = FileSource.Open(path, new FormOptions { Encoding = "ansi" });

        Assert.Equal([["1", "Zoë"]], RowsOf(file));
    }

    [Fact]
    public void UTF_16_without_a_mark_is_found_in_every_script()
    {
        string path = _folder.File("japanese.csv");
        File.WriteAllBytes(path, Encoding.Unicode.GetBytes("名前,住所の長い見出し\n山田太郎山田太郎山田太郎,東京都千代田区丸の内\n"));
        using var file = FileSource.Open(path, FormOptions.None);

        Assert.Equal("山田太郎山田太郎山田太郎", RowsOf(file)[0][0]);
    }

    [Theory]
    [InlineData("03-sep-line/comma.csv", ',')]
    [InlineData("03-sep-line/semicolon.csv", ';')]
    [InlineData("03-sep-line/quoted.csv", ';')]
    [InlineData("03-sep-line/type.csv", ',')]
    public void The_first_lines_of_Excel_and_Windows_PowerShell_are_no_header(string name, char delimiter)
    {
        using var file = Case(name);

        Assert.Equal(["email", "firstName"], file.Form.Columns);
        Assert.Equal(delimiter, file.Form.Dialect!.Value.Delimiter);
        Assert.Equal(["person1@example.com", "Ada"], RowsOf(file)[0]);
    }

    [Theory]
    [InlineData("colon.csv", "email|firstName|note")]
    [InlineData("pipe.csv", "email|firstName|note")]
    [InlineData("quotedcommas.csv", "email|Name, first|a,b,c,d")]
    [InlineData("barecommas.csv", "email|Name, first, given")]
    [InlineData("one.csv", "email")]
    [InlineData("oneplus.csv", "email|")]
    public void The_delimiter_is_the_one_that_gives_all_rows_the_same_number_of_cells(string name, string columns)
    {
        using var file = Case("04-delimiters/" + name);

        Assert.Equal(columns.Split('|'), file.Form.Columns);
        Assert.Equal("person1@example.com", RowsOf(file)[0][0]);
    }

    [Theory]
    [InlineData("both.csv", 2)]
    [InlineData("excel-wide.csv", 2)]
    [InlineData("header-only.csv", 2)]
    [InlineData("rows-only.csv", 3)]
    public void A_delimiter_at_the_end_of_a_row_is_no_column(string name, int people)
    {
        using var file = Case("05-trailing-delimiter/" + name);

        var rows = RowsOf(file);
        Assert.Equal(people, rows.Count);
        Assert.Equal(["person1@example.com", "Ada", "One"], rows[0][..3]);
    }

    [Theory]
    [InlineData("18-header-blanks/seg.csv")]
    [InlineData("18-header-blanks/twobom.csv")]
    public void Names_match_without_blanks_marks_and_case(string name)
    {
        using var file = Case(name);
        using var rows = file.OpenReader();

        Assert.Equal(0, rows.FindColumn("email"));
        Assert.Equal(1, rows.FindColumn("first name"));
        Assert.Equal(name.Contains("two", StringComparison.Ordinal) ? -1 : 2, rows.FindColumn("Last Name"));
    }

    [Fact]
    public void A_dot_and_an_underscore_are_equal_where_one_column_is_meant()
    {
        using var rows = Open("person_name_firstName,a.b,a_b\nx,y,z\n").OpenReader();

        Assert.Equal(0, rows.FindColumn("person.name.firstName"));
        Assert.Equal(2, rows.FindColumn("A_B"));
        using var others = Open("x.y_z,x_y.z\n1,2\n").OpenReader();
        Assert.Equal("SourceColumnAmbiguous", Assert.Throws<SegmentPushException>(() => others.FindColumn("x_y_z")).ErrorId);
    }

    [Theory]
    [InlineData("mail,name\nann@example.com,Zo\u00EB\n", "row 1 (line 2)")]
    [InlineData("mail,Stra\u00DFe\nann@example.com,x\n", "its header (line 1)")]
    [InlineData("{\"mail\":\"ann@example.com\"}\n{\"mail\":\"bob@example.com\",\"name\":\"Zo\u00EB\"}\n", "row 2 (line 2)")]
    public void The_first_row_that_is_not_UTF_8_is_named(string text, string row)
    {
        var error = Assert.Throws<SegmentPushException>(() => OpenBytes(Encoding.Latin1.GetBytes(text)));

        Assert.Equal("EncodingUnknown", error.ErrorId);
        Assert.Contains(row, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_in_the_middle_of_a_character_was_cut_off_and_is_in_no_other_encoding()
    {
        byte[] whole = Encoding.UTF8.GetBytes("mail,name\nann@example.com,Ren\u00E9e\nbob@example.com,Zo\u00EB");

        var error = Assert.Throws<SegmentPushException>(() => OpenBytes(whole[..^1]));

        Assert.Equal("EncodingUnknown", error.ErrorId);
        Assert.Contains("row 2 (line 3): the file was cut off", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1252", error.Message + error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("-Encoding", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_of_a_NUL_character_is_named()
    {
        byte[] bytes = "mail,name\nann@example.com,Ann\nbob@example.com,B\0ob\n"u8.ToArray();

        var error = Assert.Throws<SegmentPushException>(() => OpenBytes(bytes));

        Assert.Equal("BinaryFile", error.ErrorId);
        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Encoding utf8", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, OpenBytes(bytes, new FormOptions { Encoding = "utf8" }).Form.Rows);
    }

    [Theory]
    [InlineData("1252", "Müller Möß")]
    [InlineData("windows-1252", "Müller Möß")]
    [InlineData("iso-8859-1", null)]
    public void A_file_of_Excel_in_ANSI_is_refused_until_its_encoding_is_named(string encoding, string? last)
    {
        var error = Assert.Throws<SegmentPushException>(() => Case("27-windows-1252/seg.csv"));
        Assert.Equal("EncodingUnknown", error.ErrorId);
        Assert.Contains("row 1 (line 2)", error.Message, StringComparison.Ordinal);
        Assert.Contains("windows-1252", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Encoding", error.RecommendedAction, StringComparison.Ordinal);

        using var file = Case("27-windows-1252/seg.csv", new FormOptions { Encoding = encoding });
        Assert.Equal("Renée", RowsOf(file)[0][1]);
        if (last is not null) Assert.StartsWith("Müller", RowsOf(file)[2][1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unicode", true)]
    [InlineData("unicode", false)]
    [InlineData("bigendianunicode", true)]
    [InlineData("bigendianunicode", false)]
    [InlineData("utf32", true)]
    public void UTF_16_is_found_with_and_without_a_mark(string encoding, bool hasMark)
    {
        var it = TextEncodings.Find(encoding);
        byte[] text = it.GetBytes("email;name\nann@example.com;Zoë\n");
        string path = _folder.File("utf16.csv");
        File.WriteAllBytes(path, hasMark ? [.. it.GetPreamble(), .. text] : text);
        using var file = FileSource.Open(path, FormOptions.None);

        Assert.Equal([["ann@example.com", "Zoë"]], RowsOf(file));
    }

    [Fact]
    public void Gzip_is_found_by_its_bytes_and_a_file_that_was_cut_off_is_refused()
    {
        byte[] text = Encoding.UTF8.GetBytes("email,name\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"person{i}@example.com,{i * 7919 % 10007}\n")));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(text);
        byte[] bytes = packed.ToArray();
        string path = _folder.File("export.csv");
        File.WriteAllBytes(path, [.. bytes, .. bytes[..0]]);
        using (var file = FileSource.Open(path, FormOptions.None))
        {
            Assert.Equal(FileCompression.Gzip, file.Form.Compression);
            Assert.Equal(5_000, RowsOf(file).Count);
        }

        File.WriteAllBytes(path, [.. bytes, .. bytes]);
        using (var twice = FileSource.Open(path, FormOptions.None)) Assert.Equal(10_001, twice.Form.Rows);
        File.WriteAllBytes(path, [.. bytes, .. new byte[512]]);
        FileSource.Open(path, FormOptions.None).Dispose();
        byte[] damaged = [.. bytes, .. bytes];
        damaged[bytes.Length] ^= 1;
        File.WriteAllBytes(path, damaged);
        Assert.Equal("SourceUnreadable", Assert.Throws<SegmentPushException>(() => FileSource.Open(path, FormOptions.None)).ErrorId);
        foreach (int length in new[] { 4, 11, bytes.Length / 2, bytes.Length - 8, bytes.Length - 1 })
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Equal("SourceUnreadable", Assert.Throws<SegmentPushException>(() => FileSource.Open(path, FormOptions.None)).ErrorId);
        }
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n", "a,b\n1,2\n3,5\n")]
    [InlineData("a,b\n1,2\n", "a,b\n1,2\n3,4\n")]
    public void A_file_that_is_written_or_replaced_is_noticed_and_read_on_as_it_was(string before, string after)
    {
        string path = _folder.File("segment.csv");
        File.WriteAllText(path, before);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        using var file = FileSource.Open(path, FormOptions.None);
        file.ThrowIfChanged();
        string other = _folder.File("other.csv");
        File.WriteAllText(other, after);
        File.Move(other, path, overwrite: true);

        Assert.Equal("SourceChanged", Assert.Throws<SegmentPushException>(file.ThrowIfChanged).ErrorId);
        Assert.Equal(before.Split('\n')[1].Split(','), RowsOf(file)[0]);
    }

    private static FileSource Case(string name, FormOptions? options = null) => FileSource.Open(Path.Combine(s_cases, name), options ?? FormOptions.None);

    private FileSource Open(string text, FormOptions? options = null) => OpenBytes(Encoding.UTF8.GetBytes(text), options);

    private FileSource OpenBytes(byte[] bytes, FormOptions? options = null)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.csv");
        File.WriteAllBytes(path, bytes);
        return FileSource.Open(path, options ?? FormOptions.None);
    }

    private static List<string[]> RowsOf(FileSource file)
    {
        using var reader = file.OpenReader();
        var rows = new List<string[]>();
        while (reader.Read())
        {
            Assert.Null(reader.Fault);
            rows.Add([.. reader.Columns.Select((_, i) => reader.GetValue(i).ToString())]);
        }

        return rows;
    }
}
