using System.Runtime.CompilerServices;

namespace SegmentPush.Mappings.Values;

/// <summary>
/// Characters that nobody sees: they join, part or turn others. With one of them in an identity two people look the same and are not, or
/// the other way round.
/// </summary>
internal static class InvisibleCharacter
{
    /// <summary>The fault of an identity that holds such a character; null where it holds none.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="source">Its column.</param>
    [MethodImpl(EveryRow.Compiled)]
    public static ValueFault? FaultOf(ReadOnlySpan<char> identity, string source)
    {
        for (int i = 0; i < identity.Length; i++)
        {
            char c = identity[i];
            if (c >= '\u00AD' && Is(c) && !IsOfSpelling(identity, i)) return Fault($"U+{(int)c:X4}", source);
        }

        return null;
    }

    private static bool Is(char c) => c is '\u00AD' or '\u061C' or '\u180E' or '\uFEFF'
        or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F');

    // Persian parts letters of a word with a non-joiner, and the languages of India use both joiners. Between Arabic letters, which join by themselves, nobody sees a joiner.
    private static bool IsOfSpelling(ReadOnlySpan<char> identity, int at) => at > 0 && at + 1 < identity.Length
        && identity[at] switch
        {
            '\u200C' => IsFrom('\u0600', identity[at - 1]) && IsFrom('\u0600', identity[at + 1]),
            '\u200D' => IsFrom('\u0900', identity[at - 1]) && IsFrom('\u0900', identity[at + 1]),
            _ => false,
        };

    private static bool IsFrom(char first, char c) => c >= first && c <= '\u0DFF';

    private static ValueFault Fault(string number, string source) => new(
        "InvisibleCharacter", $"The identity in '{source}' holds a character that nobody sees ({number}), so that it is not the identity that it looks like; take the character out.");
}
