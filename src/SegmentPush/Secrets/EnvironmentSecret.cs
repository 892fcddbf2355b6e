using System.Security;

namespace SegmentPush.Secrets;

/// <summary>The client secret that the environment of the process holds.</summary>
internal static class EnvironmentSecret
{
    public const string Variable = "SEGMENTPUSH_CLIENT_SECRET";

    /// <summary>Reads it.</summary>
    /// <param name="account">The account that needs it.</param>
    /// <exception cref="SegmentPushException">The variable is not set (<c>SecretMissing</c>).</exception>
    public static SecureString Read(string account)
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
        {
            throw new SegmentPushException(
                "SecretMissing",
                $"The environment variable {Variable} is not set. The account '{account}' takes its client secret from it.",
                $"Set {Variable} for this process, or connect with -ClientSecret and -SaveAs without -NoSecret.",
                account);
        }

        var secret = new SecureString();
        foreach (char c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
