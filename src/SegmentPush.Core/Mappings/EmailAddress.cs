using System.Buffers;
using System.Text;

namespace SegmentPush.Mappings;

/// <summary>The addresses that Marketo takes: plain ASCII ones, no display names, no quoted local parts.</summary>
internal static class EmailAddress
{
    public const int MaxLength = 255;

    // RFC 5322's atext and the dot.
    private static readonly SearchValues<char> s_localPart = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");

    private static readonly SearchValues<char> s_domain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    public static (string Code, string Reason)? Check(ReadOnlySpan<char> address)
    {
        if (!Ascii.IsValid(address))
            return ("AddressNotAscii", "Marketo takes ASCII addresses only; write the address without accents or other scripts.");
        if (address.Length > MaxLength)
            return ("AddressTooLong", $"Marketo takes addresses of up to {MaxLength} characters; correct the address.");
        if (!IsWellFormed(address))
            return ("AddressMalformed", "This is not an address of the form name@example.com; correct it, without display name or quotes.");
        return null;
    }

    private static bool IsWellFormed(ReadOnlySpan<char> address)
    {
        int at = address.IndexOf('@');
        if (at <= 0) return false;
        var local = address[..at];
        var domain = address[(at + 1)..];
        return !local.ContainsAnyExcept(s_localPart) && HasWholeLabels(local)
            && !domain.ContainsAnyExcept(s_domain) && HasWholeLabels(domain)
            && domain.Contains('.') && !HasHyphenAtLabelEdge(domain);
    }

    private static bool HasWholeLabels(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] != '.' && text[^1] != '.' && text.IndexOf("..") < 0;

    private static bool HasHyphenAtLabelEdge(ReadOnlySpan<char> domain) =>
        domain[0] == '-' || domain[^1] == '-' || domain.IndexOf(".-") >= 0 || domain.IndexOf("-.") >= 0;
}
