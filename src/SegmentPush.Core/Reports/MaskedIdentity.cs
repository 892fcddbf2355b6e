using System.Globalization;

namespace SegmentPush.Reports;

/// <summary>Writes identities so that a reader who knows a person recognizes the identity, and nobody else learns it.</summary>
internal static class MaskedIdentity
{
    private const string Mask = "•••";

    /// <summary>The first character, and of an email address the first one of the domain and its last part: <c>j•••@e•••.com</c>.</summary>
    public static string Of(string identity)
    {
        int at = identity.LastIndexOf('@');
        if (at <= 0 || at == identity.Length - 1) return FirstOf(identity) + Mask;
        string domain = identity[(at + 1)..];
        int dot = domain.LastIndexOf('.');
        return $"{FirstOf(identity[..at])}{Mask}@{FirstOf(domain)}{Mask}{(dot > 0 && IsLastPart(domain[(dot + 1)..]) ? domain[dot..] : "")}";
    }

    // What is no part of a domain may say anything of a person.
    private static bool IsLastPart(string part) => part.Length is > 1 and <= 24 && part.All(char.IsAsciiLetter);

    // A letter may take several characters.
    private static string FirstOf(string text) => text.Length < 2 ? "" : StringInfo.GetNextTextElement(text);
}
