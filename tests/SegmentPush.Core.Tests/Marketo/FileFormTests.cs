using System.Text;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Marketo;

public sealed class FileFormTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A_boundary_that_occurs_in_the_file_is_not_taken_wherever_the_pieces_end(int pieceLength)
    {
        var file = Pieces("email\nann@example.com,boundary-1\nbob@example.com,boundary-3", pieceLength);
        int tried = 0;

        string boundary = FileForm.FindBoundary(file, () => $"boundary-{++tried}");

        Assert.Equal("boundary-2", boundary);
    }

    [Fact]
    public async Task The_form_holds_the_file_once_between_boundaries_and_says_how_long_it_is()
    {
        var file = Pieces(new string('x', 5000), 999);
        var call = new MarketoCall(HttpMethod.Post, "/x") { Body = file, ContentType = "text/csv", FormFile = new FormFile("file", "segment.csv") };
        using var body = CallBody.Of(call)!;

        byte[] bytes = await body.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(bytes.Length, body.Headers.ContentLength);
        string boundary = body.Headers.ContentType!.Parameters.Single().Value!;
        Assert.Equal(
            $"--{boundary}\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"file\"; filename=\"segment.csv\"\r\n\r\n{new string('x', 5000)}\r\n--{boundary}--\r\n",
            Encoding.ASCII.GetString(bytes));
        using var again = CallBody.Of(call)!;
        Assert.NotEqual(boundary, again.Headers.ContentType!.Parameters.Single().Value);
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Pieces(string text, int length) =>
        [.. Encoding.ASCII.GetBytes(text).Chunk(length).Select(piece => new ReadOnlyMemory<byte>(piece))];
}
