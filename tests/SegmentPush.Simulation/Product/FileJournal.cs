using Microsoft.Data.Sqlite;
using SegmentPush.Journal;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Product;

/// <summary>A journal in a folder. Its file is a real one; only its tables are made once for all scenarios.</summary>
/// <param name="folder">The folder.</param>
internal sealed class FileJournal(string folder) : ScenarioJournal
{
    private const string FileName = "journal.db";

    private static readonly Lazy<byte[]> s_withoutContent = new(MakeWithoutContent);

    /// <inheritdoc/>
    public override JournalAddress Address { get; } = JournalAddress.Of(folder);

    /// <inheritdoc/>
    public override void Create(VirtualTime time)
    {
        File.WriteAllBytes(Path.Combine(folder, "identity.key"), new byte[32]);
        File.WriteAllBytes(Path.Combine(folder, FileName), s_withoutContent.Value);
    }

    /// <inheritdoc/>
    public override Exception FaultOf(FaultKind kind) => kind switch
    {
        FaultKind.JournalBusy => new SqliteException("database is locked", 5),
        FaultKind.DiskFull => new SqliteException("database or disk is full", 13),
        _ => new SqliteException("disk I/O error", 10),
    };

    /// <inheritdoc/>
    protected override PushJournal OpenView() => PushJournal.Open(Address);

    private static byte[] MakeWithoutContent()
    {
        string made = Directory.CreateTempSubdirectory("simulation-").FullName;
        try
        {
            PushJournal.Open(made).Dispose();
            return File.ReadAllBytes(Path.Combine(made, FileName));
        }
        finally
        {
            Directory.Delete(made, recursive: true);
        }
    }
}
