using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Blake3;

namespace SegmentPush;

/// <summary>Identities as keyed hashes, for those who may not store addresses. The key lies beside the journal.</summary>
internal sealed class IdentityHash : IDisposable
{
    /// <summary>Length of a key.</summary>
    public const int KeyBytes = 32;

    private const int HashBytes = 16;
    private const int LongestOnStack = 256;

    private readonly byte[] _key;
    private readonly Hasher _hasher;

    private IdentityHash(byte[] key)
    {
        _key = key;
        _hasher = Hasher.NewKeyed(key);
    }

    /// <summary>Makes hashes with a key.</summary>
    public static IdentityHash Of(byte[] key) => new(key);

    /// <summary>Reads the key, or makes one.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <exception cref="SegmentPushException">It can't be read or made (<c>JournalNotWritable</c>).</exception>
    public static IdentityHash Open(string folder)
    {
        string path = Path.Combine(folder, "identity.key");
        try
        {
            if (!File.Exists(path)) Create(path);
            byte[] key = File.ReadAllBytes(path);
            return key.Length == KeyBytes ? new IdentityHash(key) : throw new IOException(MessageText.Say("It does not hold a key."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException(
                "JournalNotWritable",
                $"The key of the journal's identities '{path}' can't be read or made: {e.Message}",
                "Give this user write permission there, or set SEGMENTPUSH_HOME to another folder.",
                path,
                e);
        }
    }

    /// <summary>Reads the key; null where there is none, so that nothing was hashed.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <exception cref="SegmentPushException">It can't be read (<c>JournalNotWritable</c>).</exception>
    public static IdentityHash? OpenExisting(string folder) => File.Exists(Path.Combine(folder, "identity.key")) ? Open(folder) : null;

    /// <summary>The key, for another journal that is to know the same people.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>The key's first bytes as a number.</summary>
    public long Seed => BinaryPrimitives.ReadInt64BigEndian(_key);

    /// <summary>The hash of an identity, compared without case, as a number that is not 0: BLAKE3 with the key. For one thread at a time.</summary>
    public Hash128 HashOf(ReadOnlySpan<char> identity)
    {
        Span<char> upper = identity.Length <= LongestOnStack ? stackalloc char[identity.Length] : new char[identity.Length];
        identity.ToUpperInvariant(upper);
        Span<byte> bytes = identity.Length <= LongestOnStack ? stackalloc byte[LongestOnStack * 3] : new byte[Encoding.UTF8.GetMaxByteCount(identity.Length)];
        Span<byte> hash = stackalloc byte[HashBytes];
        _hasher.Reset();
        _hasher.Update(bytes[..Encoding.UTF8.GetBytes(upper, bytes)]);
        _hasher.Finalize(hash);
        return Hash128.Read(hash).OrNotZero();
    }

    /// <summary>The hash of an identity, compared without case.</summary>
    public string Of(string identity) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(identity.ToUpperInvariant())).AsSpan(0, HashBytes));

    public void Dispose() => _hasher.Dispose();

    // Whole or not at all, and the first of two processes wins.
    private static void Create(string path)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        using (var file = PrivateFile.Open(temporary, FileMode.CreateNew)) file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }
}
