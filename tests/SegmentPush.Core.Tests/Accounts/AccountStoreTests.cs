using System.Runtime.InteropServices;
using System.Security;
using SegmentPush.Accounts;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Accounts;

public sealed class AccountStoreTests : IDisposable
{
    private const string Secret = "Xq7-véry secret-0fJ2 🔑";

    private readonly TemporaryFolder _folder = new();
    private readonly AccountStore _accounts;

    public AccountStoreTests() => _accounts = new AccountStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_account_comes_back_as_it_was_saved_and_so_does_its_secret()
    {
        var account = Account("Production") with
        {
            MunchkinId = null,
            CallsPer20Seconds = 90,
            MaxConcurrency = 9,
            DailyCallQuota = 70_000,
            DailyCallReserve = 25,
            RetryLimit = 2,
            CallTimeout = TimeSpan.FromMinutes(3),
        };

        _accounts.Save(account, Secure(Secret));

        var read = new AccountStore(_folder.Path).Get("Production");
        Assert.Equal(account, read);
        Assert.Equal(Secret, Plain(_accounts.ReadSecret(read)));
    }

    [Theory]
    [InlineData("PRODUCTION", "production")]
    [InlineData("  Production ", "Production")]
    [InlineData("Münster", "MU\u0308NSTER")]
    public void Names_that_differ_by_case_blanks_around_or_composition_are_the_same(string saved, string wanted)
    {
        _accounts.Save(Account(saved), Secure(Secret));

        Assert.Equal(saved.Trim(), _accounts.Get(wanted).Name);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData(@"C:\Users\x")]
    [InlineData("CON")]
    [InlineData("a:b|c<d>e?f*g[h]\"i'j")]
    [InlineData(".")]
    [InlineData("日本 – EMEA 🎉")]
    [InlineData("n")]
    public void Any_name_that_can_be_shown_is_possible_and_its_files_stay_in_the_folder(string name)
    {
        _accounts.Save(Account(name), Secure(Secret));
        _accounts.Save(Account("Other"), Secure("other"));

        Assert.Equal(name, _accounts.Get(name).Name);
        Assert.Equal(4, Files().Length);
        Assert.All(Files(), file => Assert.Matches(@"\A[a-z0-9-]+\.(json|secret)\z", Path.GetFileName(file)));
        Assert.Equal(Secret, Plain(_accounts.ReadSecret(_accounts.Get(name))));

        _accounts.Remove(name);
        Assert.Equal(["Other"], _accounts.All().Select(account => account.Name));
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public void Long_names_that_begin_alike_are_two_accounts()
    {
        string start = new('x', 99);
        _accounts.Save(Account(start + "1"), Secure("1"));
        _accounts.Save(Account(start + "2"), Secure("2"));

        Assert.Equal("1", Plain(_accounts.ReadSecret(_accounts.Get(start + "1"))));
        Assert.Equal(2, _accounts.All().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("two\nlines")]
    [InlineData("bell\a")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public void A_name_that_can_t_be_one_is_an_error_and_nothing_is_written(string name)
    {
        Assert.Equal("AccountNameInvalid", Error(() => _accounts.Save(Account(name), Secure(Secret))).ErrorId);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_name_that_is_no_valid_Unicode_is_an_error() =>
        Assert.Equal("AccountNameInvalid", Error(() => _accounts.Find("half a pair " + (char)0xd83d)).ErrorId);

    [Fact]
    public void An_unknown_name_is_an_error_that_says_which_it_may_be()
    {
        Assert.Contains("-SaveAs", Error(() => _accounts.Get("Production")).RecommendedAction, StringComparison.Ordinal);
        _accounts.Save(Account("Production"), null);

        var error = Error(() => _accounts.Get("Prodution"));

        Assert.Equal("AccountNotFound", error.ErrorId);
        Assert.Contains("'Production'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_again_replaces_account_and_secret()
    {
        _accounts.Save(Account("Production"), Secure("old"));
        _accounts.Save(Account("production") with { ClientId = "new" }, Secure(Secret));

        var account = Assert.Single(_accounts.All());
        Assert.Equal(("production", "new"), (account.Name, account.ClientId));
        Assert.Equal(Secret, Plain(_accounts.ReadSecret(account)));
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public void Saving_again_without_a_secret_removes_the_file_that_kept_it()
    {
        _accounts.Save(Account("Production"), Secure(Secret));
        _accounts.Save(Account("Production") with { SecretStore = SecretStore.Environment }, null);

        Assert.EndsWith(".json", Assert.Single(Files()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_account_s_file_holds_no_secret_and_all_that_is_written_is_its_owner_s_alone()
    {
        _accounts.Save(Account("Production"), Secure(Secret));

        string json = File.ReadAllText(Files().Single(file => file.EndsWith(".json", StringComparison.Ordinal)));
        Assert.Contains("client-1", json, StringComparison.Ordinal);
        Assert.DoesNotContain("0fJ2", json, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
        {
            Assert.DoesNotContain("0fJ2", File.ReadAllText(_accounts.SecretPathOf("Production")), StringComparison.Ordinal);
            return;
        }

        foreach (string file in Files()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder.Path, "accounts")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"Name\": \"Production\",")]
    [InlineData("{ \"Name\": \"Production\" }")]
    [InlineData("{ \"Name\": null, \"Endpoint\": \"https://x.example\", \"ClientId\": \"c\", \"SecretStore\": \"File\" }")]
    [InlineData("{ \"Name\": \"Production\", \"Endpoint\": \"https://x.example\", \"ClientId\": null, \"SecretStore\": \"File\" }")]
    [InlineData("{ \"Name\": \"Production\", \"Endpoint\": \"https://x.example\", \"ClientId\": \"c\", \"SecretStore\": \"Pocket\" }")]
    [InlineData("{ \"Name\": \"Production\", \"Endpoint\": \"https://x.example\", \"ClientId\": \"c\", \"SecretStore\": 9 }")]
    [InlineData("{ \"Name\": \"Production\", \"Endpoint\": \"https://x.example\", \"ClientId\": \"c\", \"SecretStore\": \"Vault\" }")]
    [InlineData("{ \"Name\": \"Production\", \"Endpoint\": \"https://x.example\", \"ClientId\": \"c\", \"SecretStore\": \"File\", \"RetryLimit\": \"six\" }")]
    [InlineData("{ \"Name\": \"Other\", \"Endpoint\": \"https://x.example\", \"ClientId\": \"c\", \"SecretStore\": \"File\" }")]
    public void A_damaged_file_is_an_error_that_names_it_and_hides_no_other_account(string json)
    {
        _accounts.Save(Account("Production"), Secure(Secret));
        _accounts.Save(Account("Trial"), Secure(Secret));
        string path = Files().Single(file => Path.GetFileName(file).StartsWith("production-", StringComparison.Ordinal) && file.EndsWith(".json", StringComparison.Ordinal));
        File.WriteAllText(path, json);

        var error = Error(() => _accounts.Get("Production"));
        var failed = new List<SegmentPushException>();
        var others = _accounts.All(failed.Add);

        Assert.Equal("AccountDamaged", error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("-SaveAs 'Production' -Force", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("AccountDamaged", Assert.Single(failed).ErrorId);
        Assert.Equal("Trial", Assert.Single(others).Name);
    }

    [Fact]
    public void A_file_that_was_edited_by_hand_and_is_right_is_taken()
    {
        _accounts.Save(Account("Production"), Secure(Secret));
        string path = Files().Single(file => file.EndsWith(".json", StringComparison.Ordinal));
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"RetryLimit\": 6", "\"RetryLimit\": 9, // nights", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows()) File.AppendAllText(_accounts.SecretPathOf("Production"), "\r\n");

        Assert.Equal(9, _accounts.Get("Production").RetryLimit);
        Assert.Equal(Secret, Plain(_accounts.ReadSecret(_accounts.Get("Production"))));
    }

    [Fact]
    public void A_secret_file_that_is_gone_is_an_error_that_says_how_to_save_it_again()
    {
        _accounts.Save(Account("Production"), Secure(Secret));
        File.Delete(_accounts.SecretPathOf("Production"));

        var error = Error(() => _accounts.ReadSecret(_accounts.Get("Production")));

        Assert.Equal("SecretMissing", error.ErrorId);
        Assert.Contains("-SaveAs 'Production'", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 13, 10 })]
    [InlineData(new byte[] { 0xff, 0xfe, 0xfd })]
    public void A_secret_file_that_holds_no_secret_is_an_error(byte[] content)
    {
        _accounts.Save(Account("Production"), Secure(Secret));
        File.WriteAllBytes(_accounts.SecretPathOf("Production"), content);

        Assert.Equal("SecretNotReadable", Error(() => _accounts.ReadSecret(_accounts.Get("Production"))).ErrorId);
    }

    [Fact]
    public void A_secret_that_another_kind_of_system_kept_is_an_error()
    {
        var foreign = OperatingSystem.IsWindows() ? SecretStore.File : SecretStore.Protected;
        _accounts.Save(Account("Production") with { SecretStore = foreign }, Secure(Secret));

        Assert.Equal("SecretNotReadable", Error(() => _accounts.ReadSecret(_accounts.Get("Production"))).ErrorId);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_secret_file_that_others_can_get_at_is_refused_until_that_is_mended(UnixFileMode tooMuch)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows encrypts the file.");
        _accounts.Save(Account("Production"), Secure(Secret));
        string path = _accounts.SecretPathOf("Production");
        SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | tooMuch);

        var error = Error(() => _accounts.ReadSecret(_accounts.Get("Production")));

        Assert.Equal("SecretFileExposed", error.ErrorId);
        Assert.Contains($"chmod 600 '{path}'", error.RecommendedAction, StringComparison.Ordinal);
        SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(Secret, Plain(_accounts.ReadSecret(_accounts.Get("Production"))));
    }

    [Fact]
    public void Saving_over_a_secret_file_that_others_could_read_closes_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows encrypts the file.");
        _accounts.Save(Account("Production"), Secure("old"));
        SetMode(_accounts.SecretPathOf("Production"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        _accounts.Save(Account("Production"), Secure(Secret));

        Assert.Equal(Secret, Plain(_accounts.ReadSecret(_accounts.Get("Production"))));
    }

    [Fact]
    public void A_folder_that_can_t_be_written_is_an_error_and_no_secret_stays()
    {
        File.WriteAllText(_folder.File("accounts"), "A file is in the way.");

        var error = Error(() => _accounts.Save(Account("Production"), Secure(Secret)));

        Assert.Equal("AccountNotWritable", error.ErrorId);
        Assert.Contains("SEGMENTPUSH_HOME", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_account_can_t_be_written_its_new_secret_does_not_stay()
    {
        _accounts.Save(Account("Production"), Secure(Secret));
        string path = Files().Single(file => file.EndsWith(".json", StringComparison.Ordinal));
        _accounts.Remove("Production");
        Directory.CreateDirectory(path);

        Assert.Equal("AccountNotWritable", Error(() => _accounts.Save(Account("Production"), Secure(Secret))).ErrorId);
        Assert.Empty(Files());
    }

    [Fact]
    public void Removing_leaves_nothing_behind_also_not_what_a_killed_process_left()
    {
        _accounts.Save(Account("Production"), Secure(Secret));
        File.WriteAllText(_accounts.SecretPathOf("Production") + ".0123", Secret);

        _accounts.Remove("PRODUCTION");

        Assert.Empty(Files());
    }

    [Fact]
    public void Who_has_no_accounts_has_an_empty_list_and_no_folder()
    {
        Assert.Empty(_accounts.All());
        Assert.Null(_accounts.Find("Production"));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "accounts")));
    }

    [Theory]
    [InlineData("client-1", "284-rpr-133", "https://elsewhere.example", true)]
    [InlineData("client-2", "284-RPR-133", "https://284-rpr-133.mktorest.com", false)]
    [InlineData("client-1", "285-RPR-133", "https://284-rpr-133.mktorest.com", false)]
    [InlineData("client-1", null, "https://284-rpr-133.mktorest.com", true)]
    [InlineData("client-1", null, "https://proxy.example", false)]
    public void An_account_knows_its_own_instance_and_service(string clientId, string? munchkinId, string endpoint, bool isOf)
    {
        var options = new MarketoConnectionOptions
        {
            ClientId = clientId, ClientSecret = Secure("x"), MunchkinId = munchkinId, Endpoint = new Uri(endpoint),
        };

        Assert.Equal(isOf, Account("Production").IsOf(options));
    }

    private static MarketoAccount Account(string name) => new()
    {
        Name = name,
        MunchkinId = "284-RPR-133",
        Endpoint = new Uri("https://284-rpr-133.mktorest.com"),
        ClientId = "client-1",
        SecretStore = SecretFile.Protection,
        Saved = new DateTimeOffset(2025, 11, 3, 8, 30, 0, TimeSpan.Zero),
    };

    private string[] Files() =>
        Directory.Exists(Path.Combine(_folder.Path, "accounts")) ? Directory.GetFiles(Path.Combine(_folder.Path, "accounts")) : [];

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private static SegmentPushException Error(Action work) => Assert.Throws<SegmentPushException>(work);

    private static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (char c in text) secret.AppendChar(c);
        return secret;
    }

    private static string Plain(SecureString secret)
    {
        var copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(copy, secret.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
        }
    }
}
