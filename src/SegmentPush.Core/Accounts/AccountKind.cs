using System.Text.Json.Serialization.Metadata;

namespace SegmentPush.Accounts;

/// <summary>An account of any kind. Its client secret is not part of it.</summary>
internal interface ISavedAccount
{
    /// <summary>The name, 1 to 100 characters; names that differ by case alone are the same.</summary>
    string Name { get; }

    /// <summary>Client id of the service or credential.</summary>
    string ClientId { get; }

    /// <summary>Where the client secret is kept.</summary>
    SecretStore SecretStore { get; }

    /// <summary>Name of the vault that keeps the client secret; null where no vault does.</summary>
    string? Vault { get; }

    /// <summary>Name of the client secret that the user keeps in the vault; null where the vault keeps it by the account's name.</summary>
    string? SecretName { get; }

    /// <summary>Where a connection of the account leads, as messages name it.</summary>
    MessageText Place { get; }
}

/// <summary>What is particular to accounts of one kind.</summary>
/// <param name="Folder">Name of their folder.</param>
/// <param name="Json">How they are written.</param>
/// <param name="Rename">Gives an account a name.</param>
/// <param name="Connect">The cmdlet that connects and saves.</param>
/// <param name="List">The cmdlet that lists them.</param>
/// <param name="Secrets">Where their secrets are found.</param>
internal sealed record AccountKind<T>(
    string Folder, JsonTypeInfo<T> Json, Func<T, string, T> Rename, string Connect, string List, SecretPlace Secrets);

/// <summary>Where the client secrets of accounts of one kind are found outside the accounts' folder.</summary>
/// <param name="Variable">The environment variable that holds the secret of an account that was saved without it.</param>
/// <param name="VaultFolder">What the names of their secrets in vaults begin with.</param>
/// <param name="Connect">The cmdlet that connects and saves.</param>
internal sealed record SecretPlace(string Variable, string VaultFolder, string Connect);

/// <summary>The kinds of accounts.</summary>
internal static class AccountKinds
{
    private const string ConnectMarketo = "Connect-MarketoLaunchpoint", ConnectPlatform = "Connect-ExperiencePlatform";

    /// <summary>Launchpoint connections to Marketo.</summary>
    public static AccountKind<MarketoAccount> Marketo { get; } = new(
        "accounts",
        AccountJson.Default.MarketoAccount,
        (account, name) => account with { Name = name },
        ConnectMarketo,
        "Get-MarketoAccount",
        new SecretPlace("SEGMENTPUSH_CLIENT_SECRET", "SegmentPush", ConnectMarketo));

    /// <summary>Connections to Experience Platform.</summary>
    public static AccountKind<PlatformAccount> Platform { get; } = new(
        "platform-accounts",
        AccountJson.Default.PlatformAccount,
        (account, name) => account with { Name = name },
        ConnectPlatform,
        "Get-PlatformAccount",
        new SecretPlace("SEGMENTPUSH_PLATFORM_CLIENT_SECRET", "SegmentPush.Platform", ConnectPlatform));
}
