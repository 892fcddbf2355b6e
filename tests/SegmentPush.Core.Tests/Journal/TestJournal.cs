using SegmentPush.Core.Tests.Journal.Postgres;
using SegmentPush.Journal;

namespace SegmentPush.Core.Tests.Journal;

/// <summary>A journal of a test, in one of the databases that the product knows.</summary>
internal sealed class TestJournal : IDisposable
{
    /// <summary>Names of the databases, for theories.</summary>
    public const string Sqlite = "SQLite", PostgreSql = "PostgreSQL";

    private readonly TemporaryFolder _folder = new();

    public TestJournal(string database) => Address = database == Sqlite ? JournalAddress.Of(_folder.Path) : PostgresServer.Shared.NewJournal();

    /// <summary>The databases.</summary>
    public static TheoryData<string> Databases { get; } = [Sqlite, PostgreSql];

    /// <summary>The database that pushes of tests use: <c>SEGMENTPUSH_TEST_JOURNAL</c> says PostgreSQL, or it is SQLite.</summary>
    public static string Usual { get; } = Environment.GetEnvironmentVariable("SEGMENTPUSH_TEST_JOURNAL") ?? Sqlite;

    public JournalAddress Address { get; }

    public PushJournal Open() => PushJournal.Open(Address);

    public void Dispose() => _folder.Dispose();
}
