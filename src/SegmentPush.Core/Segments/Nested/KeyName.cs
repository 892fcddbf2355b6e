using System.Runtime.CompilerServices;
using System.Text;

namespace SegmentPush.Segments.Nested;

/// <summary>A name to compare with the names in rows, which are UTF-8, as <see cref="ColumnNames.FoldPath"/> compares them.</summary>
/// <param name="name">The name.</param>
/// <param name="isExact">Whether only this spelling counts.</param>
internal sealed class KeyName(string name, bool isExact)
{
    private readonly byte[] _exact = Encoding.UTF8.GetBytes(name);
    private readonly string _folded = ColumnNames.FoldPath(name);

    /// <summary>Whether a step leads to this name.</summary>
    public bool IsOf(in PathStep step) =>
        step.IsExact == isExact && (isExact ? step.Key == name : ColumnNames.FoldPath(step.Key) == _folded);

    /// <summary>Whether a name consists of visible ASCII characters, so that it can be folded character by character.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static bool IsPlain(ReadOnlySpan<byte> key) => key.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;

    /// <summary>Whether a name in a row is this one.</summary>
    /// <param name="key">The name.</param>
    /// <param name="isPlain">What <see cref="IsPlain"/> says of it.</param>
    [MethodImpl(EveryRow.Compiled)]
    public bool Matches(ReadOnlySpan<byte> key, bool isPlain)
    {
        if (key.SequenceEqual(_exact)) return true;
        if (isExact) return false;
        return isPlain ? IsFolded(key) : ColumnNames.FoldPath(Encoding.UTF8.GetString(key)) == _folded;
    }

    private bool IsFolded(ReadOnlySpan<byte> key)
    {
        if (key.Length != _folded.Length) return false;
        for (int i = 0; i < key.Length; i++)
        {
            char folded = key[i] == '.' ? '_' : char.ToUpperInvariant((char)key[i]);
            if (folded != _folded[i]) return false;
        }

        return true;
    }
}
