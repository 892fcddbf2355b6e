using System.Runtime.CompilerServices;

namespace SegmentPush.Mappings;

/// <summary>The addresses that Marketo takes: plain ASCII ones, no display names, no quoted local parts.</summary>
internal static class EmailAddress
{
    public const int MaxLength = 255;

    // RFC 5322's atext and the dot.
    private static readonly bool[] s_isOfLocalPart = Only("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");

    private static readonly bool[] s_isOfDomain = Only("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    [MethodImpl(EveryRow.Compiled)]
    public static (string Code, string Reason)? Check(ReadOnlySpan<char> address)
    {
        if (!IsAscii(address))
            return ("AddressNotAscii", "Marketo takes ASCII addresses only; write the address without accents or other scripts.");
        if (address.Length > MaxLength)
            return ("AddressTooLong", $"Marketo takes addresses of up to {MaxLength} characters; correct the address.");
        if (!IsWellFormed(address))
            return ("AddressMalformed", "This is not an address of the form name@example.com; correct it, without display name or quotes.");
        return null;
    }

    // Character by character: addresses are short, and searches by vectors take longer to compile than they save.
    [MethodImpl(EveryRow.Compiled)]
    private static bool IsWellFormed(ReadOnlySpan<char> address)
    {
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
