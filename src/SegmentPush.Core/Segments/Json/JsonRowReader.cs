using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SegmentPush.Segments.Nested;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Segments.Json;

/// <summary>Reads the rows of a JSON file, and of each one the values that mappings name.</summary>
internal sealed class JsonRowReader(JsonRows rows, JsonLook look) : INestedRow
{
    private readonly JsonSelector _selector = new();
    private long _row;

    public IReadOnlyList<string> Columns => look.Columns;

    public long Row => _row;

    public RowFault? Fault => _selector.Cells.Fault;

    public double? Progress => look.Rows == 0 ? null : Math.Min(1, (double)Interlocked.Read(ref _row) / look.Rows);

    public int FindColumn(string name) => look.Paths.Find(name) is { } path ? _selector.Select(path, name) : -1;

    public int FindConsents() => _selector.SelectConsents(look.Paths);

    public int AddAbsentColumn(string name) => _selector.Select(new NestedPath([PathStep.To(name)]), name);

    [MethodImpl(EveryRow.Compiled)]
    public bool Read(CancellationToken cancellation = default)
    {
        if (!rows.Next(_selector)) return false;
        Interlocked.Increment(ref _row);
        return true;
    }

    [MethodImpl(EveryRow.Compiled)]
    public ReadOnlySpan<char> GetValue(int column) => _selector.Cells[column];

    [MethodImpl(EveryRow.Compiled)]
    public bool IsTyped(int column) => _selector.Cells.IsTyped(column);

    public void WriteMembers(IBufferWriter<byte> output)
    {
        var row = rows.Raw;
        var reader = new Utf8JsonReader(row);
        reader.Read();
        bool isFirst = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            bool isOwn = !IsOfRejectFile(ref reader);
            reader.Read();
            reader.Skip();
            if (!isOwn) continue;
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            var member = row[start..(int)reader.BytesConsumed];
            var room = output.GetSpan(member.Length)[..member.Length];
            member.CopyTo(room);

            // Line breaks stand between tokens only, never within them.
            room.Replace((byte)'\n', (byte)' ');
            room.Replace((byte)'\r', (byte)' ');
            output.Advance(member.Length);
        }
    }

    public void Dispose() => rows.Dispose();

    private static bool IsOfRejectFile(ref Utf8JsonReader reader)
    {
        foreach (string name in RejectColumns.Names)
        {
            if (reader.ValueTextEquals(name)) return true;
        }

        return false;
    }
}
