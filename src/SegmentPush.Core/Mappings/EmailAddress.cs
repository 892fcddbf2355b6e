using System.Runtime.CompilerServices;
using SegmentPush.Mappings.Values;

namespace SegmentPush.Mappings;

/// <summary>
/// Two rules for addresses. The strict rule is for addresses that a push writes: no display names, no quoted local parts. The loose rule is for
/// addresses that people are looked up by: Marketo says whether somebody has an odd address, if it can be asked.
/// </summary>
internal static class EmailAddress
{
    public const int MaxLength = 255;

    private static readonly ValueFault s_notAscii =
        new("AddressNotAscii", "Marketo takes ASCII addresses only; write the address without accents or other scripts.");

    private static readonly ValueFault s_tooLong =
        new("AddressTooLong", $"Marketo takes addresses of up to {MaxLength} characters; correct the address.");

    private static readonly ValueFault s_malformed =
        new("AddressMalformed", "This is not an address of the form name@example.com; correct it, without display name or quotes.");

    // RFC 5322's atext and the dot.
    private static readonly bool[] s_isOfLocalPart = Only("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");

    private static readonly bool[] s_isOfDomain = Only("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Why an address can't be written; null where it can. An empty text is no address and no fault.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static ValueFault? Check(ReadOnlySpan<char> address)
    {
        if (address.IsEmpty) return null;
        if (!IsAscii(address)) return s_notAscii;
        if (address.Length > MaxLength) return s_tooLong;
        return IsWellFormed(address) ? null : s_malformed;
    }

    /// <summary>Why Marketo can't be asked for an address; null where it can.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static ValueFault? CheckLookup(ReadOnlySpan<char> address)
    {
        if (address.Length <= MaxLength && CanBeAskedFor(address)) return null;
        return !IsAscii(address) ? s_notAscii : address.Length > MaxLength ? s_tooLong : s_malformed;
    }

    // A lookup separates its values by commas. Nobody's address holds a blank, and none begins or ends with its @.
    [MethodImpl(EveryRow.Compiled)]
    private static bool CanBeAskedFor(ReadOnlySpan<char> address)
    {
        bool hasAt = false;
        for (int i = 0; i < address.Length; i++)
        {
            char c = address[i];
            if (c is <= ' ' or ',' or > '~') return false;
            hasAt |= c == '@' && i > 0 && i < address.Length - 1;
        }

        return hasAt;
    }

    /// <summary>Whether an ASCII text is a plain address: a local part and a domain without anything odd.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static bool IsWellFormed(ReadOnlySpan<char> address)
    {
        // Character by character: addresses are short, and searches by vectors take longer to compile than they save.
        bool isInDomain = false, hasDot = false;

        // The edge of a part is like a dot: no label is empty.
        char before = '.';
        foreach (char c in address)
        {
            if (!isInDomain)
            {
                bool isEnd = c == '@';
                if ((isEnd || c == '.') && before == '.') return false;
                if (!isEnd && !s_isOfLocalPart[c]) return false;
                isInDomain = isEnd;
                before = isEnd ? '.' : c;
                continue;
            }

            if (!s_isOfDomain[c]) return false;
            if (c == '.' && before is ('.' or '-')) return false;
            if (c == '-' && before == '.') return false;
            hasDot |= c == '.';
            before = c;
        }

        return isInDomain && hasDot && before is not ('.' or '-');
    }

    private static bool IsAscii(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAscii(c)) return false;
        }

        return true;
    }

    private static bool[] Only(string characters)
    {
        var isOf = new bool[128];
        foreach (char c in characters) isOf[c] = true;
        return isOf;
    }
}
