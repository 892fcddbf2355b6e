using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace SegmentPush.Calls;

/// <summary>Writes the form that asks for a token, without the secret ever becoming a string.</summary>
internal static class SecretForm
{
    /// <summary>The form's bytes, on memory that is wiped when disposed.</summary>
    /// <param name="clientId">Client id.</param>
    /// <param name="secret">Client secret.</param>
    /// <param name="scope">The scopes that are asked for, separated by commas; null for none.</param>
    public static PooledBytes Write(string clientId, SecureString secret, string? scope = null)
    {
        var form = new PooledBytes(1024, secret: true);
        WriteText(form, "grant_type=client_credentials&client_id=");
        WriteText(form, Uri.EscapeDataString(clientId));
        if (scope is not null) WriteText(form, "&scope=" + Uri.EscapeDataString(scope));
        WriteText(form, "&client_secret=");
        var characters = new char[secret.Length];
        var copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            Marshal.Copy(copy, characters, 0, characters.Length);
            WriteEscaped(form, characters);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
            Array.Clear(characters);
        }

        return form;
    }

    private static void WriteEscaped(PooledBytes form, ReadOnlySpan<char> characters)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in characters.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            foreach (var value in utf8[..length])
            {
                if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
                {
                    form.Write(value);
                }
                else
                {
                    form.Write((byte)'%');
                    form.Write(Hex(value >> 4));
                    form.Write(Hex(value & 15));
                }
            }
        }

        utf8.Clear();
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);

    private static void WriteText(PooledBytes form, string text) =>
        form.Advance(Encoding.ASCII.GetBytes(text, form.GetSpan(text.Length)));
}
