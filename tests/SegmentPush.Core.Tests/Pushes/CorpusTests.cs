using System.Globalization;
using System.Text;
using SegmentPush.Mappings;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>
/// Files as the world makes them, in tests/Corpus: each ends in one of our own errors before anything is sent, or in a push that
/// accounts for every row. What becomes of each stands in outcomes.txt there.
/// </summary>
public sealed class CorpusTests
{
    private static readonly string s_folder = Path.Combine(BuiltModule.Root, "tests", "Corpus");

    private static readonly Dictionary<string, string> s_outcomes = File.ReadAllLines(Path.Combine(s_folder, "outcomes.txt"))
        .Select(line => line.Split(": ", 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    public static IEnumerable<TheoryDataRow<string>> Files() =>
        Directory.GetFiles(s_folder, "*.csv").Select(file => new TheoryDataRow<string>(Path.GetFileName(file))).OrderBy(row => row.Data, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_row_of_a_file_is_accounted_for(string file)
    {
        string bySync = await PushAsync(Path.Combine(s_folder, file), Delivery.Sync);
        string byImport = await PushAsync(Path.Combine(s_folder, file), Delivery.Bulk);

        Assert.Equal(s_outcomes[file], bySync);
        Assert.Equal(bySync, byImport);
    }

    [Fact]
    public void There_are_at_least_sixty_of_them() => Assert.InRange(Files().Count(), 60, 1000);

    [Fact]
    public async Task A_cell_of_ten_megabytes_is_rejected_alone()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "large.csv");
        await File.WriteAllTextAsync(file, $"email,firstName,company,score,born\nann@example.com,{new string('x', 10_000_000)},,,\nzoe@example.com,Zoe,,,\n");

        Assert.Equal("2 received, 1 added, 0 duplicate, 1 rejected (TextTooLong)", await PushAsync(file, Delivery.Bulk));
    }

    [Fact]
    public async Task A_file_of_five_thousand_columns_is_read()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "wide.csv");
        string names = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"column{i}"));
        string cells = string.Join(',', Enumerable.Repeat("\"a, b\"", 5_000));
        await File.WriteAllTextAsync(file, $"{names},email,firstName,company,score,born\n{cells},ann@example.com,Ann,,,\n");

        Assert.Equal("1 received, 1 added, 0 duplicate, 0 rejected", await PushAsync(file, Delivery.Sync));
    }

    private static async Task<string> PushAsync(string file, Delivery delivery)
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = delivery;
        it.RejectPath = Path.Combine(it.Folder, "rejected.csv");
        it.Mapping =
        [
            new SegmentMapping("email", "email", "Email"), new("firstName", "firstName"), new("company", "company"),
            new("score", "leadScore"), new("born", "dateOfBirth"),
        ];
        SegmentPush.Journal.PushStatus status;
        try
        {
            status = await it.PushFileAsync(PersonCreation.MatchExistingAndCreateMissing, file);
        }
        catch (SegmentPushException error)
        {
            Assert.Empty(it.Members());
            Assert.Equal(0, it.Marketo.PersonCount);
            Assert.NotNull(error.RecommendedAction);
            Assert.DoesNotContain("@example.com", error.Message + error.RecommendedAction + error.Target, StringComparison.Ordinal);
            return error.ErrorId;
        }

        Assert.Equal(PushState.Completed, status.State);
        Assert.Equal(status.Added, it.Marketo.PersonCount);
        Assert.Equal(status.Added, it.Members().Length);
        var text = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture, $"{status.Received} received, {status.Added} added, {status.Duplicate} duplicate, {status.Rejected} rejected"));
        if (status.Rejected == 0) return text.ToString();
        Assert.Equal(status.Rejected, await CountAgainAsync(it, status));
        using var journal = SegmentPush.Journal.PushJournal.Open(it.Journal);
        return text.Append(CultureInfo.InvariantCulture, $" ({string.Join(", ", journal.People.Get(status.Id, [PersonOutcome.Rejected]).Select(person => person.Code))})").ToString();
    }

    // The rejected rows, pushed again as they are, are all rejected again.
    private static async Task<long> CountAgainAsync(PushFixture it, SegmentPush.Journal.PushStatus status)
    {
        string rejected = status.RejectPath!;
        it.RejectPath = null;
        return (await it.PushFileAsync(PersonCreation.MatchExistingAndCreateMissing, rejected)).Rejected;
    }
}
