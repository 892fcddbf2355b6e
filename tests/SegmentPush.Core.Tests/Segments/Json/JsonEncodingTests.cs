using System.Text;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Segments.Json;

/// <summary>Characters that are damaged in the file are at fault with their rows, in JSON as in delimited text.</summary>
public sealed class JsonEncodingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<bool, bool, string> Utf16 { get; } = new(
        from bigEndian in (bool[])[false, true]
        from mark in (bool[])[false, true]
        from text in (string[])["{\"email\":\"a@example.com\",\"firstName\":\"Ann\uD83D\"}\n{\"email\":\"b@example.com\",\"firstName\":\"Zo\u00EB\"}\n", "email,firstName\na@example.com,Ann\uD83D\nb@example.com,Zo\u00EB\n"]
        select (bigEndian, mark, text));

    [Theory]
    [MemberData(nameof(Utf16))]
    public void Half_a_character_in_UTF_16_is_at_fault_with_its_row(bool bigEndian, bool mark, string text)
    {
        byte[] bytes = [.. (mark ? "\uFEFF" + text : text).SelectMany(c => bigEndian ? new[] { (byte)(c >> 8), (byte)c } : [(byte)c, (byte)(c >> 8)])];

        Assert.Equal(["!InvalidEncoding", "Zo\u00EB"], FirstNames(bytes, FormOptions.None));
    }

    [Fact]
    public void A_byte_that_is_not_of_the_encoding_is_at_fault_with_its_row() => Assert.Equal(
        ["!InvalidEncoding", "Ann"],
        FirstNames(
            Encoding.UTF8.GetBytes("{\"email\":\"a@example.com\",\"firstName\":\"Jos\u00E9\"}\n{\"email\":\"b@example.com\",\"firstName\":\"Ann\"}\n"),
            new FormOptions { Encoding = "ascii" }));

    private List<string> FirstNames(byte[] bytes, FormOptions options)
    {
        string path = _folder.File("people.txt");
        File.WriteAllBytes(path, bytes);
        using var file = FileSource.Open(path, options);
        using var reader = file.OpenReader();
        int first = reader.FindColumn("firstName");
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.Fault is { } fault ? "!" + fault.Code : reader.GetValue(first).ToString());
        return names;
    }
}
