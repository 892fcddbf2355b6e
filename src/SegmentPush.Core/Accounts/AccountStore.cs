using System.Security;
using System.Security.Cryptography;
using System.Text.Json;
using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Accounts;

/// <summary>The accounts of Marketo that a user has saved.</summary>
/// <param name="home">The folder above them; null for the user's own.</param>
internal sealed class AccountStore(string? home = null) : AccountStore<MarketoAccount>(AccountKinds.Marketo, home);

/// <summary>The accounts of Experience Platform that a user has saved.</summary>
/// <param name="home">The folder above them; null for the user's own.</param>
internal sealed class PlatformAccountStore(string? home = null) : AccountStore<PlatformAccount>(AccountKinds.Platform, home);

/// <summary>The accounts of one kind: a file for each, and beside it the file of its client secret, if that is kept in one.</summary>
internal abstract class AccountStore<T>
    where T : class, ISavedAccount
{
    private const int MaxBytes = 64 * 1024;

    private readonly AccountKind<T> _kind;
    private readonly string _folder;

    /// <summary>The accounts below a folder.</summary>
    /// <param name="kind">Their kind.</param>
    /// <param name="home">The folder; null for the user's own, where the journal lies too.</param>
    protected AccountStore(AccountKind<T> kind, string? home)
    {
        _kind = kind;
        _folder = Path.Combine(home ?? JournalFolder.Default, kind.Folder);
    }

    /// <summary>Where the client secrets of its accounts are found outside its folder.</summary>
    public SecretPlace Secrets => _kind.Secrets;

    /// <summary>The account with a name; null where there is none.</summary>
    /// <exception cref="SegmentPushException">
    /// It can't be a name (<c>AccountNameInvalid</c>), or the account's file can't be used (<c>AccountDamaged</c>,
    /// <c>AccountNotReadable</c>).
    /// </exception>
    public T? Find(string name)
    {
        var wanted = AccountName.Parse(name);
        string path = PathOf(wanted);
        return File.Exists(path) ? Read(path, wanted) : null;
    }

    /// <summary>The account with a name.</summary>
    /// <exception cref="SegmentPushException">As <see cref="Find"/>, or there is none (<c>AccountNotFound</c>).</exception>
    public T Get(string name) => Find(name) ?? throw NotFound(name);

    /// <summary>Whether there is an account of a name, be its file damaged.</summary>
    /// <exception cref="SegmentPushException">It can't be a name (<c>AccountNameInvalid</c>).</exception>
    public bool Has(string name) => File.Exists(PathOf(AccountName.Parse(name)));

    /// <summary>All accounts, by name.</summary>
    /// <param name="failed">Gets the errors of files that can't be used; null where nobody asks.</param>
    public IReadOnlyList<T> All(Action<SegmentPushException>? failed = null)
    {
        var accounts = new List<T>();
        foreach (string path in Files("*.json"))
        {
            try
            {
                accounts.Add(Read(path));
            }
            catch (SegmentPushException error)
            {
                failed?.Invoke(error);
            }
        }

        return [.. accounts.OrderBy(account => account.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Saves an account, over one that has its name.</summary>
    /// <param name="account">The account.</param>
    /// <param name="secret">Its client secret, where a file keeps it; null where a file must not.</param>
    /// <exception cref="SegmentPushException">It can't be written (<c>AccountNotWritable</c>, <c>SecretFileExposed</c>).</exception>
    public void Save(T account, SecureString? secret)
    {
        var name = AccountName.Parse(account.Name);
        string path = PathOf(name), secretPath = SecretPathOf(name);
        bool isNew = !File.Exists(path);
        Write(path, () =>
        {
            // Two steps, so that others do not see into the upper folder either.
            PrivateFile.CreateFolder(Path.GetDirectoryName(_folder)!);
            PrivateFile.CreateFolder(_folder);
            CheckFolderIsPrivate();
            try
            {
                if (secret is not null) SecretFile.Write(secretPath, secret);
                PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(_kind.Rename(account, name.Text), _kind.Json));
            }
            catch when (isNew)
            {
                File.Delete(secretPath);
                throw;
            }

            if (secret is null) File.Delete(secretPath);
        });
    }

    /// <summary>Removes an account and the file of its client secret.</summary>
    /// <exception cref="SegmentPushException">It can't be removed (<c>AccountNotWritable</c>).</exception>
    public void Remove(string name)
    {
        var wanted = AccountName.Parse(name);
        Write(PathOf(wanted), () =>
        {
            // The secret first; and what a killed process may have left of one goes too.
            foreach (string path in Files(wanted.FileStem + ".secret*").Concat(Files(wanted.FileStem + ".json*")).ToArray()) File.Delete(path);
        });
    }

    /// <summary>Checks that nobody else could have changed where an account leads: its secret would go there.</summary>
    /// <exception cref="SegmentPushException">Others may write or read its file, or the folder of accounts (<c>AccountExposed</c>).</exception>
    public void CheckIsPrivate(T account)
    {
        CheckFolderIsPrivate();
        string path = PathOf(AccountName.Parse(account.Name));
        CheckIsPrivate(path, $"The file of account '{account.Name}' '{path}' is open to others than you, so it is not used: they could have changed where the client secret is sent.");
    }

    /// <summary>Reads the client secret that the file beside an account keeps.</summary>
    /// <exception cref="SegmentPushException">
    /// There is none (<c>SecretMissing</c>), others can read it (<c>SecretFileExposed</c>), or it can't be read
    /// (<c>SecretNotReadable</c>).
    /// </exception>
    public SecureString ReadSecret(T account)
    {
        string path = SecretPathOf(AccountName.Parse(account.Name));
        if (account.SecretStore != SecretFile.Protection) throw NotReadable(account, path, "it was saved on another kind of system.");
        try
        {
            return SecretFile.Read(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegmentPushException(
                "SecretMissing",
                $"The file of account '{account.Name}' that keeps the client secret, '{path}', is gone.",
                SaveAgain(account.Name),
                account.Name,
                e);
        }
        catch (CryptographicException e)
        {
            throw NotReadable(account, path, "Windows protects it for another user, or protected it on another machine.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw NotReadable(account, path, MessageText.AsIs(e.Message), e);
        }
    }

    /// <summary>Where the client secret of an account is, if a file keeps it.</summary>
    public string SecretPathOf(string name) => SecretPathOf(AccountName.Parse(name));

    /// <summary>An error about a name that no account has; it names those that are like it.</summary>
    public SegmentPushException NotFound(string name)
    {
        var all = All();
        var nearest = NearestNames.Of(name, all.Select(account => account.Name));
        return new SegmentPushException(
            "AccountNotFound",
            $"There is no account '{name}'.",
            nearest.Count > 0 ? (MessageText)$"Is it {MessageText.AnyOf(nearest.Select(near => $"'{near}'"))}? {_kind.List} lists all."
            : all.Count > 0 ? (MessageText)$"{_kind.List} lists all."
            : $"Save one with {_kind.Connect} -SaveAs.",
            name);
    }

    private void CheckFolderIsPrivate() => CheckIsPrivate(
        _folder, $"The folder of accounts '{_folder}' is open to others than you, so it is not used: they could have changed where the client secret is sent.");

    private void CheckIsPrivate(string path, MessageText what)
    {
        if (!Path.Exists(path) || !PrivateFile.IsExposed(path)) return;
        throw new SegmentPushException(
            "AccountExposed",
            what,
            $"Look at the account with {_kind.List}. If it leads where it should: {PrivateFile.HowToClose(path)}.",
            path);
    }

    private T Read(string path, AccountName? wanted = null)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw Damaged(path, wanted, "it is too large.");
            var account = JsonSerializer.Deserialize(File.ReadAllBytes(path), _kind.Json)
                ?? throw Damaged(path, wanted, "it holds no account.");
            var name = AccountName.Parse(account.Name);
            if (!string.Equals(PathOf(name), path, StringComparison.Ordinal))
            {
                throw Damaged(path, wanted, $"it holds the account '{name}', which belongs into '{Path.GetFileName(PathOf(name))}'.");
            }

            bool isInVault = account.SecretStore == SecretStore.Vault;
            if (!Enum.IsDefined(account.SecretStore) || isInVault == string.IsNullOrWhiteSpace(account.Vault) || (!isInVault && account.SecretName is not null))
            {
                throw Damaged(path, wanted, "SecretStore and Vault don't fit together.");
            }

            return _kind.Rename(account, name.Text);
        }
        catch (JsonException e)
        {
            throw Damaged(
                path, wanted, e.LineNumber is { } line ? (MessageText)$"it is not the JSON of an account (line {line + 1})." : "it is not the JSON of an account.", e);
        }
        catch (SegmentPushException e) when (e.ErrorId == "AccountNameInvalid")
        {
            throw Damaged(path, wanted, e.Text, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException(
                "AccountNotReadable", $"The account in '{path}' can't be read: {e.Message}", "Give this user read permission there.", path, e);
        }
    }

    private static void Write(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SegmentPushException(
                "AccountNotWritable",
                $"The account in '{path}' can't be written: {e.Message}",
                "Give this user write permission there, or set SEGMENTPUSH_HOME to another folder.",
                path,
                e);
        }
    }

    private IEnumerable<string> Files(string pattern) =>
        Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, pattern) : [];

    private string PathOf(AccountName name) => Path.Combine(_folder, name.FileStem + ".json");

    private string SecretPathOf(AccountName name) => Path.Combine(_folder, name.FileStem + ".secret");

    private SegmentPushException Damaged(string path, AccountName? wanted, MessageText why, Exception? cause = null) => new(
        "AccountDamaged",
        $"The account in '{path}' can't be used: {why}",
        wanted is null
            ? (MessageText)$"Mend the file, or delete it and save the account again with {_kind.Connect} -SaveAs."
            : SaveAgain(wanted.Text, " -Force"),
        wanted?.Text ?? path,
        cause);

    private SegmentPushException NotReadable(T account, string path, MessageText why, Exception? cause = null) => new(
        "SecretNotReadable",
        $"The client secret of account '{account.Name}' in '{path}' can't be read: {why}",
        SaveAgain(account.Name),
        account.Name,
        cause);

    private MessageText SaveAgain(string name, string more = "") =>
        $"Save the account again: {_kind.Connect} with its id and secret and -SaveAs '{name.Replace("'", "''", StringComparison.Ordinal)}'{more}.";
}
