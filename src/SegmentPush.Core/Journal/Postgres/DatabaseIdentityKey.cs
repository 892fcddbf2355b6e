using System.Security.Cryptography;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The key of hashes that all machines share: in the database, where readers may not see it, or given by <c>SEGMENTPUSH_IDENTITY_KEY</c>. The database
/// keeps its fingerprint, so that no machine can use another one.
/// </summary>
internal sealed class DatabaseIdentityKey(PostgresSession session, PostgresAddress address) : IIdentityKey
{
    private const string Variable = "SEGMENTPUSH_IDENTITY_KEY", Key = "identity key", Fingerprint = "identity fingerprint";

    private byte[]? _key;

    /// <inheritdoc/>
    public IdentityHash Open() => IdentityHash.Of(_key ??= Find(isMade: true)!);

    /// <inheritdoc/>
    public IdentityHash? OpenExisting() => (_key ??= Find(isMade: false)) is { } key ? IdentityHash.Of(key) : null;

    /// <summary>Takes a key over where the journal has none yet.</summary>
    /// <returns>Whether the journal makes its hashes with this key.</returns>
    public bool Adopt(byte[] key)
    {
        byte[]? given = ReadVariable();
        if (given is not null && !given.AsSpan().SequenceEqual(key)) return false;
        session.Write(() =>
        {
            if (Read(Fingerprint) is not null) return;
            if (given is null) Add(Key, key);
            Add(Fingerprint, SHA256.HashData(key));
        });
        return session.Read(() => Read(Fingerprint)).AsSpan().SequenceEqual(SHA256.HashData(key));
    }

    private byte[]? Find(bool isMade)
    {
        byte[]? given = ReadVariable();

        // In this order: another machine that makes the key meanwhile writes both at once.
        byte[]? print = session.Read(() => Read(Fingerprint));
        byte[]? kept = session.Read(() => Read(Key));
        byte[]? key = given ?? kept;
        if (key is null && !isMade) return null;
        key ??= RandomNumberGenerator.GetBytes(IdentityHash.KeyBytes);
        if (print is null && isMade)
        {
            session.Write(() =>
            {
                // The first of two machines wins.
                if (given is null) Add(Key, key);
                else Add(Fingerprint, SHA256.HashData(given));
                if (Read(Key) is { } first) Add(Fingerprint, SHA256.HashData(first));
            });
            key = given ?? session.Read(() => Read(Key));
            print = session.Read(() => Read(Fingerprint));
        }

        if (key is null || (print is not null && !print.AsSpan().SequenceEqual(SHA256.HashData(key)))) throw OtherKey();
        return key;
    }

    private static byte[]? ReadVariable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } text || string.IsNullOrWhiteSpace(text)) return null;
        byte[] key = new byte[IdentityHash.KeyBytes];
        if (Convert.TryFromBase64String(text.Trim(), key, out int length) && length == key.Length) return key;
        throw new SegmentPushException(
            "IdentityKeyMalformed", $"The variable {Variable} does not hold a key.", $"Give {IdentityHash.KeyBytes} random bytes in Base64, the same on every machine.", Variable);
    }

    private byte[]? Read(string name) =>
        session.Query("SELECT value FROM secret WHERE name = @name", row => row.GetFieldValue<byte[]>(0), ("@name", name)).FirstOrDefault();

    private void Add(string name, byte[] value) =>
        session.Run("INSERT INTO secret (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", ("@name", name), ("@value", value));

    private SegmentPushException OtherKey() => new(
        "IdentityKeyOther",
        $"The identity key of this machine is another one than that of the journal {address}, so it would know nobody again.",
        $"Set {Variable} to the key that the other machines have, or remove it on all of them where the journal keeps the key.",
        Variable);
}
