using SegmentPush.Journal;

namespace SegmentPush.Simulation.Product;

/// <summary>The journal of a scenario. Its file is a real one; only its tables are made once for all scenarios.</summary>
/// <param name="folder">The journal's folder.</param>
internal sealed class ScenarioJournal(string folder) : IDisposable
{
    private const string FileName = "journal.db";

    private static readonly Lazy<byte[]> s_withoutContent = new(MakeWithoutContent);

    private PushJournal? _view;

    /// <summary>Where the product finds it.</summary>
    public JournalAddress Address { get; } = JournalAddress.Of(folder);

    /// <summary>
    /// The journal as somebody sees it who looks on while processes come and go. It stays open: opening it takes longer than looking into it.
    /// </summary>
    public PushJournal View => _view ??= PushJournal.Open(Address);

    /// <summary>Makes it, without content.</summary>
    public void Create() => File.WriteAllBytes(Path.Combine(folder, FileName), s_withoutContent.Value);

    public void Dispose() => _view?.Dispose();

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
