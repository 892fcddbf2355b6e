using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>A journal whose server has a certificate, and asks its users for theirs.</summary>
public sealed class EncryptedJournalTests : IDisposable
{
    private static readonly DateTimeOffset s_from = DateTimeOffset.UtcNow.AddDays(-1), s_until = DateTimeOffset.UtcNow.AddDays(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_client_certificate_opens_the_journal_over_a_verified_connection()
    {
        using var server = PostgresServer.StartOwn();
        string database = DatabaseOf(server.NewJournal());
        server.Execute("CREATE ROLE ann LOGIN IN ROLE segmentpush_pusher");
        using var authorityKey = RSA.Create(2048);
        using var authority = NewAuthority(authorityKey);
        var (certificate, key) = Issue(authority, "localhost");
        server.AskForCertificateOf("ann", authority.ExportCertificatePem(), certificate, key);
        var (ofAnn, keyOfAnn) = Issue(authority, "ann");
        string ca = Write("ca.pem", authority.ExportCertificatePem());
        string own = $"&sslcert={Write("ann.pem", ofAnn)}&sslkey={Write("ann.key", keyOfAnn)}";
        string common = $"postgresql://ann@localhost:{server.Port}/{database}?sslmode=verify-full";

        // The server reads its new configuration in its own time.
        while (TryOpen($"{common}&sslrootcert={ca}{own}") is { } error)
        {
            Assert.Equal("JournalNotOpened", error.ErrorId);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        var push = JournalSetup.NewPush("Webinar");
        var address = AddressOf($"{common}&sslrootcert={ca}{own}") with { Folder = _folder.Path };
        using (var journal = PushJournal.Open(address)) journal.BeginPush(push);
        Assert.Null(address.Warning);

        var withoutCertificate = TryOpen($"{common}&sslrootcert={ca}");
        Assert.Equal("JournalNotOpened", withoutCertificate?.ErrorId);
        Assert.Contains("sslcert", withoutCertificate!.RecommendedAction, StringComparison.Ordinal);
        using var strangerKey = RSA.Create(2048);
        using var stranger = NewAuthority(strangerKey);
        var notTrusted = TryOpen($"{common}&sslrootcert={Write("stranger.pem", stranger.ExportCertificatePem())}{own}");
        Assert.Equal("JournalNotOpened", notTrusted?.ErrorId);
        Assert.Contains("encrypted and trusted", notTrusted!.Message, StringComparison.Ordinal);
        string missing = _folder.File("missing.key");
        Assert.Contains(missing, TryOpen($"{common}&sslrootcert={ca}{own}".Replace(_folder.File("ann.key"), missing, StringComparison.Ordinal))?.Message, StringComparison.Ordinal);
        var otherName = TryOpen($"{common.Replace("@localhost", "@127.0.0.1", StringComparison.Ordinal)}&sslrootcert={ca}{own}");
        Assert.Equal("JournalNotOpened", otherName?.ErrorId);
    }

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }

    private static SegmentPushException? TryOpen(string address)
    {
        try
        {
            AddressOf(address).OpenToRead().Dispose();
            return null;
        }
        catch (SegmentPushException e)
        {
            return e;
        }
    }

    private static PostgresAddress AddressOf(string text) => PostgresAddress.Parse(text, mayHoldPassword: false);

    private static string DatabaseOf(PostgresAddress address) => address.ToString().Split('/')[^1];

    private static X509Certificate2 NewAuthority(RSA key)
    {
        var request = new CertificateRequest($"CN=Authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return request.CreateSelfSigned(s_from, s_until);
    }

    private static (string Certificate, string Key) Issue(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, s_from, s_until, RandomNumberGenerator.GetBytes(8));
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
