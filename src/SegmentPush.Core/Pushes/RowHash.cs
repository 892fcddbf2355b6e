using System.IO.Hashing;
using System.Runtime.InteropServices;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>The hashes by which the snapshot of a destination knows the rows of a segment. For one thread at a time.</summary>
internal sealed class RowHash : IDisposable
{
    private readonly IdentityHash _identity;
    private readonly bool[] _isSent;
    private readonly long _seed;
    private char[] _text = new char[512];

    /// <summary>Makes the hashes of a push.</summary>
    /// <param name="identity">Makes those of identities; disposed with this one.</param>
    /// <param name="target">The fields that are sent.</param>
    public RowHash(IdentityHash identity, PushTarget target)
    {
        _identity = identity;
        var fields = target.Mapping.AttributeFields;
        _isSent = [.. fields.Select(field => target.WritesExisting && target.IsSent(field))];

        // Other fields, or the same in another order, are another message.
        string names = string.Join('\n', fields.Select(field => field.Name));
        _seed = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(names.AsSpan()), identity.Seed);
    }

    /// <summary>The keyed hash of an identity.</summary>
    public Hash128 OfIdentity(ReadOnlySpan<char> identity) => _identity.HashOf(identity);

    /// <summary>The hash of the values that are sent; 0 where none are, so that a person who is only matched never counts as changed.</summary>
    public long OfValues(PersonValues values)
    {
        int length = 0;
        for (int i = 0; i < values.Count; i++)
        {
            var value = values[i];
            if (!_isSent[i] || value.IsEmpty) continue;
            int needed = length + value.Length + 3;
            if (needed > _text.Length) Array.Resize(ref _text, Math.Max(needed, 2 * _text.Length));
            _text[length++] = (char)i;
            _text[length++] = (char)value.Length;
            _text[length++] = (char)(value.Length >> 16);
            value.CopyTo(_text.AsSpan(length));
            length += value.Length;
        }

        if (length == 0) return SentValues.None;
        long hash = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(_text.AsSpan(0, length)), _seed);
        return hash is SentValues.None or SentValues.Unknown ? 1 : hash;
    }

    public void Dispose() => _identity.Dispose();
}
