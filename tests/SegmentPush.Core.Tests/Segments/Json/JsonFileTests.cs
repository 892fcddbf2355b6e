using System.Text;
using CsCheck;
using SegmentPush.Core.Tests.Segments.Nested;
using SegmentPush.Segments.Json;

namespace SegmentPush.Core.Tests.Segments.Json;

public sealed class JsonFileTests
{
    [Theory]
    [InlineData("{\"mail\":\"ann@example.com\",\"n\":1}\n{\"mail\":\"bob@example.com\",\"n\":2}\n")]
    [InlineData("{\"mail\":\"ann@example.com\",\"n\":1}\r\n\r\n{\"mail\":\"bob@example.com\",\"n\":2}")]
    [InlineData("{\n  \"mail\": \"ann@example.com\",\n  \"n\": 1\n}\n{\n  \"mail\": \"bob@example.com\",\n  \"n\": 2\n}")]
    [InlineData("[{\"mail\":\"ann@example.com\",\"n\":1},{\"mail\":\"bob@example.com\",\"n\":2}]")]
    [InlineData(" \n[ {\"mail\":\"ann@example.com\",\"n\":1} ,\n {\"mail\":\"bob@example.com\",\"n\":2}\n]\n ")]
    [InlineData("{\"mail\":\"ann@example.com\",\"n\":1}{\"n\":2,\"mail\":\"bob@example.com\"}")]
    [InlineData("\uFEFF{\"mail\":\"ann@example.com\",\"n\":1}\n{\"mail\":\"bob@example.com\",\"n\":2}")]
    public void Lines_documents_and_arrays_give_the_same_rows(string json) =>
        Assert.Equal([["ann@example.com", "1"], ["bob@example.com", "2"]], ReadRows.OfJson(json, "mail", "n"));

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("[]")]
    public void A_file_without_people_has_no_rows(string json)
    {
        var look = Look(json);

        Assert.Equal(0, look.Rows);
        Assert.Empty(look.Columns);
    }

    [Fact]
    public void Values_have_the_text_that_the_file_has()
    {
        var rows = ReadRows.OfJson(
            """{"a":"Zoë \"Z\" \u00e9\ud83d\ude00\n","b":1.50,"c":1e3,"d":true,"e":false,"f":null,"g":"","h":12345678901234567890,"i":"null"}""",
            "a", "b", "c", "d", "e", "f", "g", "h", "i");

        Assert.Equal([["Zoë \"Z\" é😀\n", "1.50", "1e3", "true", "false", "", "", "12345678901234567890", "null"]], rows);
    }

    [Fact]
    public void Numbers_and_booleans_are_typed_and_texts_are_not()
    {
        const string Json = """
            {"v":1.50,"identityMap":{"CRMID":[{"id":7}]}}
            {"v":true,"identityMap":{"CRMID":[{"id":"7"}]}}
            {"v":"1.50"}
            {"v":"1\u002e50"}
            {"v":null}
            {"v":[2]}
            """;
        using var reader = JsonFile.Open(new MemoryStream(Encoding.UTF8.GetBytes(Json)), Look(Json), "people.json");
        int value = reader.FindColumn("v"), id = reader.FindColumn("identityMap.CRMID");
        var typed = new List<(bool Value, bool Id)>();
        while (reader.Read()) typed.Add((reader.IsTyped(value), reader.IsTyped(id)));

        Assert.Equal([(true, true), (true, false), (false, false), (false, false), (false, false), (true, false)], typed);
    }

    [Fact]
    public void A_column_that_only_later_rows_have_is_found() =>
        Assert.Equal([["", "1"], ["x", ""]], ReadRows.OfJson("""{"b":1}{"a":{"c":"x"}}""", "a.c", "b"));

    [Fact]
    public void Names_that_differ_by_case_from_row_to_row_are_one_column()
    {
        var look = Look("""{"Email":"a"}{"email":"b"}{"EMAIL ":"c"}""");

        Assert.Equal(["Email"], look.Columns);
        Assert.Equal([["a"], ["b"], ["c"]], ReadRows.OfJson("""{"Email":"a"}{"email":"b"}{"EMAIL ":"c"}""", "email"));
    }

    [Fact]
    public void Names_of_one_object_that_differ_by_case_are_told_apart_by_their_spelling()
    {
        const string Json = """{"id":"1","ID":"2"}{"id":"3"}""";

        Assert.Equal([["1", "2"], ["3", ""]], ReadRows.OfJson(Json, "id", "ID"));
        Assert.Equal("SourceColumnAmbiguous", ReadRows.Refused(() => ReadRows.OfJson(Json, "Id")).ErrorId);
    }

    [Theory]
    [InlineData("""{"a":{"b":1}}""", "a", "ValueNotText")]
    [InlineData("""{"a":["x","y"]}""", "a", "ValueNotText")]
    [InlineData("""{"a":[{"b":"x"},{"b":"y"}]}""", "a.b", "ValueNotText")]
    [InlineData("""{"a":"x","a":"y"}""", "a", "DuplicateProperty")]
    [InlineData("""{"a":null,"a":"y"}""", "a", "DuplicateProperty")]
    [InlineData("""{"p":{"a":"x"},"p":{"a":"y"}}""", "p.a", "DuplicateProperty")]
    [InlineData("""{"a":"x\u0000y"}""", "a", "NulCharacter")]
    [InlineData("""{"a":"x\ud800"}""", "a", "InvalidEncoding")]
    [InlineData("""{"identityMap":{"Email":[{"id":{"x":1}},{"id":"b","id":"c"}]}}""", "identityMap.Email", "DuplicateProperty")]
    public void A_value_that_is_no_text_is_at_fault_with_its_row_alone(string row, string name, string code)
    {
        string good = """{"a":"g","p":{"a":"g"},"identityMap":{"Email":[{"id":"g"}]}}""";
        string json = name == "a.b" ? row + """{"a":{"b":"g"}}""" : row + good;

        Assert.Equal([["!" + code], ["g"]], ReadRows.OfJson(json, name));
    }

    [Fact]
    public void What_is_not_mapped_is_never_at_fault() =>
        Assert.Equal([["x"]], ReadRows.OfJson("""{"b":{"c":[1,2]},"b":2,"d":"\ud800\u0000","a":"x"}""", "a"));

    [Fact]
    public void Bytes_that_are_no_text_are_at_fault_in_mapped_values_alone()
    {
        byte[] json = [.. "{\"a\":\"x\",\"b\":\"Zo"u8, 0xEB, .. "\"}{\"a\":\"y\",\"b\":\"z\"}"u8];

        Assert.Equal([["x"], ["y"]], ReadRows.OfJson(json, "a"));
        Assert.Equal([["!InvalidEncoding"], ["z"]], ReadRows.OfJson(json, "b"));
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":}\n", 2)]
    [InlineData("{\"a\":1}\n\n{'a':1}\n", 3)]
    [InlineData("{\"a\":1}\n{\"a\":1,}", 2)]
    [InlineData("{\"a\":1}\n[1]", 2)]
    [InlineData("{\"a\":1},\n{\"a\":1}", 1)]
    [InlineData("[{\"a\":1}\n{\"a\":1}]", 2)]
    [InlineData("[{\"a\":1},\n null]", 2)]
    [InlineData("[{\"a\":1}]\n[{\"a\":1}]", 2)]
    [InlineData("[1,2]", 1)]
    [InlineData("\"text\"", 1)]
    [InlineData("{\"a\":1}\ntext", 2)]
    [InlineData("{\"a\":\"one\ntwo\"}", 1)]
    public void A_malformed_file_is_refused_with_the_line(string json, int line)
    {
        var error = ReadRows.Refused(() => Look(json));

        Assert.Equal("SourceUnreadable", error.ErrorId);
        Assert.Contains($"in line {line}.", error.Message, StringComparison.Ordinal);
        Assert.Null(error.InnerException);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":\"secret", "line 2")]
    [InlineData("{\"a\":1}\n{", "line 2")]
    [InlineData("[{\"a\":1},{\"a\":2}", "array")]
    [InlineData("[{\"a\":1},", "array")]
    [InlineData("[", "array")]
    public void A_file_that_is_cut_off_is_refused(string json, string where)
    {
        var error = ReadRows.Refused(() => Look(json));

        Assert.Equal("SourceUnreadable", error.ErrorId);
        Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
        Assert.Contains(where, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_any_length_are_read_across_blocks()
    {
        var random = new Random(7);
        string[][] expected = [.. Enumerable.Range(0, 400).Select(i => new[] { new string('x', random.Next(i % 20 == 0 ? 300_000 : 900)), $"{i}" })];
        string json = string.Join('\n', expected.Select(row => $"{{\"a\":\"{row[0]}\",\"skip\":[{{\"a\":1}},null],\"p\":{{\"n\":{row[1]}}}}}"));

        Assert.Equal(expected, ReadRows.OfJson(json, "a", "p.n"));
    }

    [Fact]
    public void A_row_of_more_than_16_MB_is_refused()
    {
        string json = "{\"a\":1}\n{\"a\":\"" + new string('x', 17 * 1024 * 1024) + "\"}";

        Assert.Contains("16 MB, in line 2", ReadRows.Refused(() => Look(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_gives_a_byte_at_a_time_is_read_like_any_other()
    {
        const string Json = "[{\"a\":\"Zo\u00EB\",\"b\":[1,{\"c\":true}]},\n{\"a\":\"\\u00e9\"}]";
        using var reader = JsonFile.Open(new Trickle(Json), JsonFile.Look(new Trickle(Json), "x"), "x");

        Assert.Equal([["Zoë"], ["é"]], ReadRows.Of(reader, "a"));
    }

    [Fact]
    public void Thousands_of_keys_are_listed_up_to_a_limit_and_found_beyond_it()
    {
        string json = string.Concat(Enumerable.Range(0, 3000).Select(i => $"{{\"segmentMembership\":{{\"ups\":{{\"seg-{i}\":{{\"status\":\"realized\"}}}}}}}}"));

        Assert.Equal(1000, Look(json).Columns.Count);
        var rows = ReadRows.OfJson(json, "segmentMembership.ups.seg-2999.status", "segmentMembership_ups_seg-5_status");
        Assert.Equal(["realized", ""], rows[2999]);
        Assert.Equal(["", "realized"], rows[5]);
    }

    [Fact]
    public void Addresses_that_are_names_are_no_columns()
    {
        var look = Look("""{"consents":{"idSpecific":{"Email":{"ann@example.com":{"val":"y"}},"Phone":{"+4912345":{"val":"n"}}}},"mail":"x"}""");

        Assert.Equal(["mail"], look.Columns);
    }

    [Fact]
    public void Cancelling_ends_a_look()
    {
        string json = string.Concat(Enumerable.Repeat("{\"a\":1}", 5_000));

        Assert.Throws<OperationCanceledException>(
            () => JsonFile.Look(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x", new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Progress_goes_from_the_start_to_the_end()
    {
        string json = string.Concat(Enumerable.Repeat("{\"a\":1}", 100));
        using var reader = JsonFile.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), Look(json), "x");
        Assert.Equal(0, reader.Progress);
        while (reader.Read()) Assert.Equal(reader.Row / 100.0, reader.Progress);
        Assert.Equal(1, reader.Progress);
    }

    [Fact]
    public void Any_bytes_are_read_to_their_end_or_refused_with_an_error_of_ours() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 60],
            Gen.OneOf(Gen.Const("{\"a\":"), Gen.Const("}"), Gen.Const("["), Gen.Const("]"), Gen.Const(","), Gen.Const("\"x\""), Gen.Const("1"), Gen.Const("\n"), Gen.Const("null"), Gen.Const(" "))
                .Array[0, 25].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)))).Sample(
            bytes =>
            {
                try
                {
                    var look = JsonFile.Look(new MemoryStream(bytes), "x");
                    using var reader = JsonFile.Open(new MemoryStream(bytes), look, "x");
                    foreach (string column in look.Columns) reader.FindColumn(column);
                    long rows = 0;
                    while (reader.Read()) rows++;
                    Assert.Equal(look.Rows, rows);
                }
                catch (SegmentPushException e)
                {
                    Assert.Contains(e.ErrorId, (string[])["SourceUnreadable", "SourceColumnAmbiguous"]);
                }
            },
            iter: 20_000);

    private static JsonLook Look(string json) => JsonFile.Look(new MemoryStream(Encoding.UTF8.GetBytes(json)), "people.json");

    private sealed class Trickle(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
