using System.Runtime.InteropServices;
using System.Security;

namespace SegmentPush.Calls;

/// <summary>Finds what is pasted with a client id or a client secret by mistake, and what a service would refuse without saying why.</summary>
/// <param name="ErrorId">Id of the error.</param>
/// <param name="Action">What to do, from the name of the text.</param>
internal sealed record PastedText(string ErrorId, Func<MessageText, MessageText> Action)
{
    /// <summary>Checks a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is.</param>
    /// <exception cref="SegmentPushException">It has a line end, a blank at an end, or a control character. The error does not show it.</exception>
    public void Check(ReadOnlySpan<char> text, MessageText what)
    {
        if (text.IsEmpty || Flaw(text) is not { } flaw) return;
        throw new SegmentPushException(ErrorId, $"The {what} {flaw}, which was probably pasted with it. Nothing was sent.", Action(what));
    }

    /// <summary>Checks a secret.</summary>
    /// <exception cref="SegmentPushException">As for a text.</exception>
    public void Check(SecureString secret, MessageText what)
    {
        var characters = new char[secret.Length];
        var copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            Marshal.Copy(copy, characters, 0, characters.Length);
            Check(characters.AsSpan(), what);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
            Array.Clear(characters);
        }
    }

    private static MessageText? Flaw(ReadOnlySpan<char> text)
    {
        if (text[^1] is '\n' or '\r') return "ends with a line end";
        if (text.IndexOfAny('\n', '\r') >= 0) return "holds a line end";
        if (char.IsWhiteSpace(text[^1])) return "ends with a blank";
        if (char.IsWhiteSpace(text[0])) return "begins with a blank";
        foreach (char c in text)
        {
            if (char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format) return "holds a character that can't be seen";
        }

        return null;
    }
}
