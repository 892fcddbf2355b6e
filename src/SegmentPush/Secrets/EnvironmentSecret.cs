using System.Security;
using SegmentPush.Accounts;

namespace SegmentPush.Secrets;

/// <summary>The client secret that the environment of the process holds.</summary>
internal static class EnvironmentSecret
{
    /// <summary>Reads it.</summary>
    /// <param name="place">Where secrets of the account's kind are found.</param>
    /// <param name="account">The account that needs it.</param>
    /// <exception cref="SegmentPushException">The variable is not set (<c>SecretMissing</c>).</exception>
    public static SecureString Read(SecretPlace place, string account)
    {
        string? text = Environment.GetEnvironmentVariable(place.Variable);
        if (string.IsNullOrEmpty(text))
        {
            throw new SegmentPushException(
                "SecretMissing",
                $"The environment variable {place.Variable} is not set. The account '{account}' takes its client secret from it.",
                $"Set {place.Variable} for this process, or connect with -ClientSecret and -SaveAs without -NoSecret.",
                account);
        }

        var secret = new SecureString();
        foreach (char c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
