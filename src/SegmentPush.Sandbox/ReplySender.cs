using System.IO.Compression;
using System.Net;

namespace SegmentPush.Sandbox;

/// <summary>Sends answers, as a fault lets them be sent.</summary>
internal static class ReplySender
{
    /// <summary>Sends it.</summary>
    /// <param name="context">The call.</param>
    /// <param name="mayPack">Whether a large body may be packed.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="sending">How much of it is sent.</param>
    public static async Task SendAsync(HttpListenerContext context, bool mayPack, Reply reply, Sending sending)
    {
        var response = context.Response;
        if (sending == Sending.Nothing)
        {
            response.Abort();
            return;
        }

        var body = reply.Body;
        response.StatusCode = reply.Status;
        if (reply.ContentType.Length > 0) response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers) response.Headers[name] = value;
        if (sending == Sending.All && mayPack && body.Length > 1024)
        {
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body.Span);
            body = packed.ToArray();
            response.Headers["Content-Encoding"] = "gzip";
        }

        response.ContentLength64 = body.Length;
        if (sending == Sending.Half)
        {
            await response.OutputStream.WriteAsync(body[..(body.Length / 2)]).ConfigureAwait(false);
            await response.OutputStream.FlushAsync().ConfigureAwait(false);
            response.Abort();
            return;
        }

        await response.OutputStream.WriteAsync(body).ConfigureAwait(false);
        response.Close();
    }
}

/// <summary>How much of an answer is sent.</summary>
internal enum Sending
{
    All,
    Half,
    Nothing,
}
