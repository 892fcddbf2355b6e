using System.IO.Compression;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// Keeps the rows of pipelines in compressed blocks. It has a connection of its own, so that rows come in while the push writes outcomes.
/// </summary>
/// <param name="address">The database.</param>
/// <param name="host">The process's host.</param>
/// <param name="session">The connection of the push, whose lease every block needs.</param>
internal sealed class SpoolStore(PostgresAddress address, ProcessHost host, PostgresSession session) : ISpoolStore
{
    // The fastest of Brotli's, and its usual window.
    private const int Quality = 1, Window = 22;

    private readonly PostgresSession _own = new(address, host, session);
    private byte[] _packed = [];

    /// <inheritdoc/>
    public long GetLength(long pushKey, int source) => session.Read(() => session.Count(
        "SELECT COALESCE(SUM(length), 0) FROM spool_block WHERE push_key = @key AND source = @source", ("@key", pushKey), ("@source", source)));

    /// <inheritdoc/>
    public void Append(long pushKey, int source, long begins, ReadOnlySpan<byte> content)
    {
        int longest = BrotliEncoder.GetMaxCompressedLength(content.Length);
        if (_packed.Length < longest) _packed = new byte[longest];
        if (!BrotliEncoder.TryCompress(content, _packed, out int packed, Quality, Window))
            throw new InvalidOperationException("Brotli has no room for what it says itself is its longest output.");
        var block = new ArraySegment<byte>(_packed, 0, packed);
        int length = content.Length, lease = session.Lease!.Key;
        _own.Write(() =>
        {
            _own.Run("SELECT fence_beside(@lease)", ("@lease", lease));

            // The transaction may run again after the connection was lost.
            _own.Run(
                "INSERT INTO spool_block (push_key, source, begins, length, content) VALUES (@key, @source, @begins, @length, @content) ON CONFLICT DO NOTHING",
                ("@key", pushKey),
                ("@source", source),
                ("@begins", begins),
                ("@length", length),
                ("@content", block));
        });
    }

    /// <inheritdoc/>
    public void Read(long pushKey, int source, Stream into)
    {
        // One block at a time, because a lost connection then costs one block.
        for (long begins = 0; ;)
        {
            var block = session.Read(() => session.Query(
                "SELECT length, content FROM spool_block WHERE push_key = @key AND source = @source AND begins = @begins",
                row => (Length: row.GetInt32(0), Content: row.GetFieldValue<byte[]>(1)),
                ("@key", pushKey),
                ("@source", source),
                ("@begins", begins)));
            if (block is not [var (length, content)]) return;
            byte[] plain = new byte[length];
            if (!BrotliDecoder.TryDecompress(content, plain, out int written) || written != length)
                throw session.Damaged(new InvalidDataException($"The rows from byte {begins} on can't be unpacked."));
            into.Write(plain);
            begins += length;
        }
    }

    /// <inheritdoc/>
    public void Remove(long pushKey) => session.Write(() => session.Run("DELETE FROM spool_block WHERE push_key = @key", ("@key", pushKey)));

    /// <inheritdoc/>
    public void Sweep() => session.Write(() => session.Run(
        $"DELETE FROM spool_block WHERE push_key IN (SELECT push_key FROM push WHERE NOT ({PushStore.MayBeResumed}))"));

    public void Dispose() => _own.Dispose();
}
