using System.Text;
using System.Text.Json;
using SegmentPush.Core.Tests.Segments.Nested;
using SegmentPush.Segments.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Core.Tests.Segments.Json;

public sealed class JsonRejectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_rejected_row_is_the_row_with_its_number_code_and_reason()
    {
        string[] lines = Reject("[{\"a\" : \"Zo\u00EB \\u00e9\",\r\n \"b\":[1.50,\n{}]},\n{}]");

        Assert.Equal(
            ["""{"a" : "Zoë \u00e9","b":[1.50, {}],"_Row":1,"_Code":"Bad","_Reason":"'a' isn't good."}""", """{"_Row":2,"_Code":"Bad","_Reason":"'a' isn't good."}"""],
            lines);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public void A_reject_file_has_no_byte_order_mark_and_is_its_owners_alone()
    {
        Reject("""{"a":1}""");

        Assert.Equal((byte)'{', File.ReadAllBytes(Rejects)[0]);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Rejects));
    }

    [Fact]
    public void A_reject_file_is_read_like_its_source()
    {
        const string Json = """{"a":{"b":"'=x"},"identityMap":{"Email":[{"id":"a@x"}]}}{"a":null}""";
        Reject(Json);
        byte[] rejects = File.ReadAllBytes(Rejects);

        Assert.Equal(["a.b", "identityMap.Email"], JsonFile.Look(new MemoryStream(rejects), "x").Columns);
        Assert.Equal(ReadRows.OfJson(Json, "a.b", "identityMap.Email"), ReadRows.OfJson(rejects, "a.b", "identityMap.Email"));
    }

    [Fact]
    public void A_row_that_is_rejected_again_has_the_newest_reason_alone()
    {
        Reject("""{"a":1}""");
        string json = File.ReadAllText(Rejects);
        File.Delete(Rejects);

        Assert.Equal(["""{"a":1,"_Row":1,"_Code":"Bad","_Reason":"'a' isn't good."}"""], Reject(json));
    }

    [Fact]
    public void Columns_that_are_named_like_some_of_a_reject_file_are_the_sources_own() =>
        Assert.Equal(["_Row", "a"], JsonFile.Look(new MemoryStream("""{"_Row":1,"a":2}"""u8.ToArray()), "x").Columns);

    [Fact]
    public void A_profile_in_Parquet_becomes_the_same_profile_in_JSON()
    {
        string path = Path.Combine(ReadRows.Samples, "profile-nested.snappy.parquet");
        using (var reader = ReadRows.Parquet(path, isWhole: true)) Reject(reader);
        using var parquet = ReadRows.Parquet(path);
        string[] names = [.. parquet.Columns];

        Assert.Equal(ReadRows.Of(parquet, names), ReadRows.OfJson(File.ReadAllBytes(Rejects), names));
    }

    private string Rejects => _folder.File("rejects.json");

    private string[] Reject(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        using var reader = JsonFile.Open(new MemoryStream(bytes), JsonFile.Look(new MemoryStream(bytes), "x"), "x");
        return Reject(reader);
    }

    private string[] Reject(INestedRow reader)
    {
        using (var writer = new JsonRejectWriter(Rejects))
        {
            while (reader.Read()) writer.Add(reader, "Bad", "'a' isn't good.");
        }

        return File.ReadAllLines(Rejects);
    }
}
