using System.Security.Cryptography;
using System.Text;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>The file of an export, as servers and networks bring it.</summary>
public sealed class ExportFileTests
{
    private static readonly (long, string?)[] s_people =
        [(1, "ann@example.com"), (2, null), (3, "{\"x\":1}"), (4, "a, \"b\"\r\nc"), (5, "zoë@exämple.com"), (6, null), (7, "<b>")];

    private const string Text = "id,email\n1,ann@example.com\n2,null\n3,\"{\"\"x\"\":1}\"\n4,\"a, \"\"b\"\"\r\nc\"\n5,zoë@exämple.com\n6,\n7,<b>\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(26)]
    [InlineData(8_000_000)]
    public async Task Rows_and_characters_that_lie_on_the_border_of_two_pieces_are_whole(int pieceBytes)
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(Text));

        Assert.Equal(s_people, await ReadAsync(server, pieceBytes, Told(server.File)));
        Assert.Equal((server.File.Length + pieceBytes - 1) / pieceBytes, server.Ranges.Count);
        Assert.All(server.Ranges, Assert.NotNull);
    }

    [Fact]
    public async Task A_server_that_gives_smaller_pieces_than_asked_for_is_asked_on()
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(Text)) { MostBytes = 10 };

        Assert.Equal(s_people, await ReadAsync(server, 30, Told(server.File)));
    }

    [Fact]
    public async Task A_server_that_knows_no_pieces_is_understood()
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(Text)) { KnowsRanges = false };

        Assert.Equal(s_people, await ReadAsync(server, 10, Told(server.File)));
        Assert.Single(server.Ranges);
    }

    [Fact]
    public async Task A_size_that_Marketo_did_not_tell_is_taken_from_the_pieces()
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(Text));

        Assert.Equal(s_people, await ReadAsync(server, 10, new ExportStatus(ExportState.Completed, 7, null, null, "")));
    }

    [Fact]
    public async Task A_piece_that_is_another_than_asked_for_is_asked_for_again()
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(Text)) { Shift = 3 };

        Assert.Equal(s_people, await ReadAsync(server, 40, Told(server.File)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("id,email\n")]
    public async Task A_list_without_people_is_empty(string text)
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(text));

        Assert.Empty(await ReadAsync(server, 100, Told(server.File) with { Records = 0 }));
    }

    [Fact]
    public async Task Columns_are_told_by_their_names_and_id_alone_is_identity_too()
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes("externalId,id\nx1,1\n"));
        Assert.Equal([(1, "x1")], await ReadAsync(server, 100, Told(server.File) with { Records = 1 }));

        server.File = Encoding.UTF8.GetBytes("\uFEFF\"id\"\n1\n");
        Assert.Equal([(1, "1")], await ReadAsync(server, 100, Told(server.File) with { Records = 1 }));
    }

    [Fact]
    public async Task More_people_than_a_batch_come_in_batches_and_in_order()
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(
            "id,email\n" + string.Concat(Enumerable.Range(1, 12_000).Select(i => $"{i},p{i}@example.com\n"))));
        using var connection = await server.ConnectAsync(50_000);

        var sizes = new List<int>();
        long last = 0;
        var status = Told(server.File) with { Records = 12_000 };
        await foreach (var batch in connection.Exports.ReadAsync("x", status, TestContext.Current.CancellationToken))
        {
            sizes.Add(batch.Count);
            foreach (var person in batch) Assert.Equal((++last, $"p{last}@example.com"), (person.Id, person.Identity));
        }

        Assert.Equal([5000, 5000, 2000], sizes);
    }

    public static TheoryData<string, string, long, bool> Wrong { get; } = new()
    {
        { "fewer people", "id,email\n1,a\n", 2, true },
        { "more people", "id,email\n1,a\n2,b\n", 1, true },
        { "another checksum", "id,email\n1,a\n", 1, false },
        { "no id", "email\na\n", 1, true },
        { "no number", "id,email\nx,a\n", 1, true },
        { "a cut row", "id,email\n1,a\n2", 2, true },
        { "nothing", "\n", 1, true },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_file_that_is_not_what_Marketo_told_of_is_an_error_that_names_nobody(string what, string text, long records, bool rightChecksum)
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(text));
        var told = Told(server.File) with { Records = records };
        if (!rightChecksum) told = told with { Checksum = "sha256:" + new string('0', 64) };

        var error = await Assert.ThrowsAsync<MarketoException>(() => ReadAsync(server, 100, told));

        Assert.True(error.ErrorId == "ExportIncomplete", what + ": " + error);
        Assert.NotEmpty(error.RecommendedAction!);
        Assert.Contains("file.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(3000)]
    public async Task A_file_that_is_shorter_or_longer_than_told_is_an_error(long told)
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(Text));

        var error = await Assert.ThrowsAsync<MarketoException>(
            () => ReadAsync(server, 20, new ExportStatus(ExportState.Completed, null, told, null, "")));

        Assert.Equal("ExportIncomplete", error.ErrorId);
    }

    [Theory]
    [InlineData("sha256:")]
    [InlineData("")]
    [InlineData("SHA-256:")]
    public async Task A_checksum_is_verified_in_each_way_of_writing_it(string before)
    {
        using var server = new ExportServer(Encoding.UTF8.GetBytes(Text));
        var told = Told(server.File);
        string digits = told.Checksum!;

        Assert.Equal(7, (await ReadAsync(server, 20, told with { Checksum = before + digits.ToLowerInvariant() })).Length);
        server.File[10] ^= 1;
        await Assert.ThrowsAsync<MarketoException>(() => ReadAsync(server, 20, told with { Checksum = before + digits }));
    }

    private static ExportStatus Told(byte[] file) =>
        new(ExportState.Completed, s_people.Length, file.Length, Convert.ToHexString(SHA256.HashData(file)), "");

    private static async Task<(long, string?)[]> ReadAsync(ExportServer server, int pieceBytes, ExportStatus status)
    {
        using var connection = await server.ConnectAsync(pieceBytes);
        var people = new List<(long, string?)>();
        await foreach (var batch in connection.Exports.ReadAsync("x", status, TestContext.Current.CancellationToken))
            people.AddRange(batch.Select(person => (person.Id, person.Identity)));
        return [.. people];
    }
}
