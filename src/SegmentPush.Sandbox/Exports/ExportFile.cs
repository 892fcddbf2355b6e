using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Exports;

/// <summary>A finished file of an export.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="Records">Number of people in it.</param>
internal sealed record ExportFile(ReadOnlyMemory<byte> Bytes, int Records)
{
    private const int PeopleAtOnce = 10_000;

    public string Checksum { get; } = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Bytes.Span));

    /// <summary>Writes people into a file. Others get at the people meanwhile; who is deleted before his turn is left out.</summary>
    public static ExportFile Make(ExportRequest request, IReadOnlyList<int> ids, PersonStore store, CancellationToken cancellation)
    {
        var bytes = new MemoryStream();
        int records = 0;
        using (var text = new StreamWriter(bytes, new UTF8Encoding(false), 1 << 16, leaveOpen: true))
        {
            var marks = SearchValues.Create([request.Delimiter, '"', '\r', '\n']);
            string[] cells = [.. request.Header];
            WriteRow();
            for (int from = 0; from < ids.Count; from += PeopleAtOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                lock (store.Gate)
                {
                    for (int i = from; i < Math.Min(from + PeopleAtOnce, ids.Count); i++)
                    {
                        if (store.Find(ids[i]) is not { } person) continue;
                        for (int k = 0; k < cells.Length; k++) cells[k] = person[request.Fields[k]] ?? "null";
                        WriteRow();
                        records++;
                    }
                }
            }

            void WriteRow()
            {
                bool isFirst = true;
                foreach (string cell in cells)
                {
                    if (!isFirst) text.Write(request.Delimiter);
                    isFirst = false;
                    if (!cell.AsSpan().ContainsAny(marks))
                    {
                        text.Write(cell);
                        continue;
                    }

                    text.Write('"');
                    text.Write(cell.Replace("\"", "\"\"", StringComparison.Ordinal));
                    text.Write('"');
                }

                text.Write('\n');
            }
        }

        return new ExportFile(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), records);
    }
}
