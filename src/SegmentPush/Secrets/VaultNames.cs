using System.Security.Cryptography;
using System.Text;

namespace SegmentPush.Secrets;

/// <summary>Names of client secrets in vaults, by the rules of each kind of vault.</summary>
internal static class VaultNames
{
    // Azure Key Vault takes letters of ASCII, digits and '-' only.
    private const string Azure = "Az.KeyVault";

    /// <summary>The name of the client secret of an account.</summary>
    /// <param name="folder">What the names of secrets of the account's kind begin with.</param>
    /// <param name="account">Name of the account.</param>
    /// <param name="module">The module that keeps the vault; null where it is not known.</param>
    public static string For(string folder, string account, string? module) =>
        string.Equals(module, Azure, StringComparison.OrdinalIgnoreCase) ? $"{folder.Replace(".", "", StringComparison.Ordinal)}-{Plain(account)}" : $"{folder}/{account}";

    // Two names that differ in other characters only must not meet.
    private static string Plain(string account)
    {
        string plain = new([.. account.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        if (plain == account) return plain;
        return $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account.ToUpperInvariant())).AsSpan(0, 4))}";
    }
}
