using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Segments;
using SegmentPush.Segments.Delimited;

namespace SegmentPush.Benchmarks;

/// <summary>The least that an import takes: files that are ready are uploaded one after the other, each until it is complete.</summary>
internal static class BareUpload
{
    /// <summary>Prepares the files that a push would upload.</summary>
    /// <returns>Uploads them.</returns>
    public static Task<Func<Task>> PrepareAsync(MarketoConnection connection, string segment, SegmentMapping[] mapping, TimeSpan poll)
    {
        var files = new List<(byte[] Bytes, int Rows)>();
        using var source = FileSource.Open(segment, FormOptions.None);
        using var reader = (DelimitedReader)source.OpenReader();
        string header = string.Join(',', mapping.Select(entry => entry.Target)) + "\n";
        var text = new MemoryStream();
        int rows = 0;
        Begin();
        while (reader.Read())
        {
            byte[] row = [.. System.Text.Encoding.UTF8.GetBytes(reader.Parsed.Raw.ToString()), (byte)'\n'];
            if (text.Length + row.Length > LeadImports.MaxFileBytes) End();
            text.Write(row);
            rows++;
        }

        End();
        return Task.FromResult<Func<Task>>(() => UploadAsync(connection, files, poll));

        void Begin()
        {
            text.SetLength(0);
            text.Write(System.Text.Encoding.UTF8.GetBytes(header));
            rows = 0;
        }

        void End()
        {
            files.Add((text.ToArray(), rows));
            Begin();
        }
    }

    private static async Task UploadAsync(MarketoConnection connection, List<(byte[] Bytes, int Rows)> files, TimeSpan poll)
    {
        foreach (var (bytes, rows) in files)
        {
            var status = await connection.Imports.StartAsync(new ImportRequest("email", 1021, null, [bytes], rows), CancellationToken.None);
            while (status.State == ImportState.UnderWay)
            {
                await Task.Delay(poll);
                status = await connection.Imports.GetAsync(status.BatchId, CancellationToken.None);
            }

            if (status.State != ImportState.Complete || status.Failed > 0) throw new InvalidOperationException("The bare upload failed.");
        }
    }
}
