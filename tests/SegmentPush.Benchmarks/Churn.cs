using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Pushes.InStep;

namespace SegmentPush.Benchmarks;

/// <summary>A mirrored destination of which one per cent has changed: a half of it new, a half gone, and as many changed.</summary>
internal static class Churn
{
    private const string Name = "Churn";

    /// <summary>Pushes the segment for the first time.</summary>
    public static Func<Task> First(MarketoConnection connection, string segment, string folder, IReadOnlyList<SegmentMapping> mapping, BulkOptions bulk)
    {
        string home = HomeIn(folder);
        if (Directory.Exists(home)) Directory.Delete(home, recursive: true);
        using (var journal = PushJournal.Open(home)) DestinationStore.Save(journal, DestinationIn(connection, mapping), DateTimeOffset.UtcNow);
        return () => PushAsync(OptionsFor(connection, folder, mapping, bulk), segment);
    }

    /// <summary>Pushes what became of the segment since it was pushed for the first time.</summary>
    public static async Task<Func<Task>> NextAsync(
        MarketoConnection connection, string segment, string folder, IReadOnlyList<SegmentMapping> mapping, BulkOptions bulk)
    {
        string changed = await ChangeAsync(segment);
        GC.Collect();
        return () => PushAsync(OptionsFor(connection, folder, mapping, bulk), changed);
    }

    private static string HomeIn(string folder) => Path.Combine(folder, "mirror");

    private static SegmentDestination DestinationIn(MarketoConnection connection, IReadOnlyList<SegmentMapping> mapping) => new()
    {
        Name = Name,
        Instance = connection.Instance,
        StaticListId = 1021,
        StaticListName = Name,
        Mapping = mapping,
        PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
        ExistingPeople = ExistingPeople.Update,
        Mode = PushMode.Mirror,
        TimeZone = "Etc/UTC",
    };

    private static PushOptions OptionsFor(MarketoConnection connection, string folder, IReadOnlyList<SegmentMapping> mapping, BulkOptions bulk)
    {
        var destination = DestinationIn(connection, mapping);
        return new PushOptions
        {
            Connection = connection,
            StaticList = StaticListReference.Parse("1021"),
            Mapping = mapping,
            PersonCreation = destination.PersonCreation,
            ExistingPeople = destination.ExistingPeople,
            Bulk = bulk,
            JournalFolder = HomeIn(folder),
            Destination = new DestinationOptions(destination) { Verify = true },
        };
    }

    private static async Task<string> ChangeAsync(string segment)
    {
        string path = Path.ChangeExtension(segment, ".changed.csv");
        await using var file = new StreamWriter(path);
        long row = -1;
        foreach (string line in File.ReadLines(segment))
        {
            row++;
            string now = (row % 200) switch
            {
                1 => "",
                2 => line.Replace("Zoë", "Zoé", StringComparison.Ordinal),
                3 => line.Replace("Zoë", "Zoé", StringComparison.Ordinal) + "\r\n" + string.Create(CultureInfo.InvariantCulture, $"new{row}@example.org,New,Comer,"),
                _ => line,
            };
            if (now.Length > 0) await file.WriteAsync(now + "\r\n");
        }

        return path;
    }

    private static async Task PushAsync(PushOptions options, string segment)
    {
        await foreach (var happened in Push.RunAsync(options, [PushSource.File(segment, null)], CancellationToken.None))
        {
            if (happened is PushEnded { Error: { } error }) throw error;
            if (happened is PushEnded { Status: { IsVerified: false } }) throw new InvalidOperationException("The list was not proven.");
        }
    }
}
