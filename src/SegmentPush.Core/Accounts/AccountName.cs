using System.Security.Cryptography;
using System.Text;
using SegmentPush.Marketo;

namespace SegmentPush.Accounts;

/// <summary>The name of an account: any characters that can be shown, compared without case.</summary>
internal sealed class AccountName
{
    private const int MaxLength = 100;
    private const int MaxReadable = 40;

    private AccountName(string text) => Text = text;

    /// <summary>The name, without blanks around it.</summary>
    public string Text { get; }

    /// <summary>The beginning of the names of the account's files: what is readable of the name, and what tells it from all others.</summary>
    public string FileStem
    {
        get
        {
            var stem = new StringBuilder(MaxReadable);
            foreach (char c in Text.ToLowerInvariant().Take(MaxReadable)) stem.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Text.ToUpperInvariant()));
            return stem.Append('-').Append(Convert.ToHexStringLower(hash.AsSpan(0, 8))).ToString();
        }
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="SegmentPushException">It can't be a name (<c>AccountNameInvalid</c>).</exception>
    public static AccountName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string text = name.Trim();
        if (text.Length == 0) throw Invalid(name, "It is blank.");
        if (text.Length > MaxLength) throw Invalid(name, $"It has {text.Length} characters; {MaxLength} are possible.");
        if (text.Any(char.IsControl)) throw Invalid(name, "It holds line ends or other control characters.");
        try
        {
            // The same letters may have been typed in two ways.
            return new AccountName(text.Normalize());
        }
        catch (ArgumentException)
        {
            throw Invalid(name, "It is no valid Unicode.");
        }
    }

    /// <summary>Whether it is the same name.</summary>
    public bool Is(AccountName other) => string.Equals(Text, other.Text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static SegmentPushException Invalid(string name, MessageText why) => new(
        "AccountNameInvalid",
        $"'{SafeText.Of(name)}' can't be the name of an account. {why}",
        "Choose a short name such as Production.",
        name);
}
