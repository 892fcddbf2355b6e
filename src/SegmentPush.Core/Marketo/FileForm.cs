using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace SegmentPush.Marketo;

/// <summary>The name of a file in a form, and of the field that holds it.</summary>
internal sealed record FormFile(string Field, string Name);

/// <summary>Wraps a file into a multipart form, whose boundary does not occur in the file.</summary>
internal static class FileForm
{
    /// <summary>The form with a file.</summary>
    /// <param name="content">The file; it goes to the network without being copied.</param>
    /// <param name="bytes">The same file, to look for the boundary.</param>
    /// <param name="file">Its name.</param>
    public static HttpContent Of(HttpContent content, IReadOnlyList<ReadOnlyMemory<byte>> bytes, FormFile file)
    {
        string boundary = FindBoundary(bytes, () => "segmentpush-" + RandomNumberGenerator.GetHexString(32, lowercase: true));
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{file.Field}\"", FileName = $"\"{file.Name}\"" };
        var form = new MultipartFormDataContent(boundary) { content };

        // Without the quotes that .NET puts around the boundary: not every server takes them off.
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=" + boundary);
        return form;
    }

    /// <summary>A boundary that does not occur in a file.</summary>
    /// <param name="bytes">The file, piece by piece.</param>
    /// <param name="next">Gives one candidate after the other, in ASCII.</param>
    public static string FindBoundary(IReadOnlyList<ReadOnlyMemory<byte>> bytes, Func<string> next)
    {
        string boundary;
        do boundary = next();
        while (Contains(bytes, Encoding.ASCII.GetBytes(boundary)));
        return boundary;
    }

    private static bool Contains(IReadOnlyList<ReadOnlyMemory<byte>> bytes, ReadOnlySpan<byte> wanted)
    {
        // The end of what was searched, followed by the beginning of the next piece: the text may begin in one and end in another.
        Span<byte> seam = new byte[2 * (wanted.Length - 1)];
        int kept = 0;
        foreach (var piece in bytes)
        {
            var span = piece.Span;
            if (span.IndexOf(wanted) >= 0) return true;
            int taken = Math.Min(span.Length, wanted.Length - 1);
            span[..taken].CopyTo(seam[kept..]);
            if (seam[..(kept + taken)].IndexOf(wanted) >= 0) return true;

            // A piece that is shorter than the text leaves a part of what was before it.
            var end = taken < span.Length ? span[^(wanted.Length - 1)..] : seam[..(kept + taken)];
            if (end.Length > wanted.Length - 1) end = end[^(wanted.Length - 1)..];
            end.CopyTo(seam);
            kept = end.Length;
        }

        return false;
    }
}
