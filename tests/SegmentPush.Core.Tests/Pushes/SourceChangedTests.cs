using SegmentPush.Mappings;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A file that is written or replaced during its push ends the push before the next call, and a push is resumed on the same content only.</summary>
public sealed class SourceChangedTests
{
    private static readonly SegmentMapping[] s_mapping = [new("email", "email", "Email"), new("firstName", "firstName")];

    public static TheoryData<string> Changes { get; } = ["grown", "written", "replaced", "replaced by one of the same size and time", "target of the link grown", "removed"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_push_makes_no_call_after_its_file_was_changed(string change)
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = s_mapping;
        it.Delivery = Delivery.Sync;
        string path = Write(it, "segment.csv", 3_000);
        if (change.Contains("link", StringComparison.Ordinal)) path = File.CreateSymbolicLink(Path.Combine(it.Folder, "link.csv"), path).FullName;
        int calls = 0;

        var status = await it.PushFileAsync(PersonCreation.MatchExistingAndCreateMissing, path, happened: e =>
        {
            if (e is not CallFinished || ++calls != 8) return;
            Change(it, path, change);
        });

        Assert.Equal(PushState.Failed, status.State);
        Assert.Equal("SourceChanged", status.ErrorId);
        Assert.Equal("SourceChanged", it.Error!.ErrorId);

        // Calls that were under way end; none begins.
        Assert.InRange(it.Marketo.Calls.Count, 8, 8 + (2 * it.Connection.MaxConcurrency));
    }

    [Fact]
    public async Task A_push_is_resumed_where_the_content_is_the_same_and_not_where_it_is_another()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = s_mapping;
        it.Delivery = Delivery.Sync;
        string path = Write(it, "segment.csv", 3_000);
        string copy = await File.ReadAllTextAsync(path);
        using var stop = new CancellationTokenSource();
        var stopped = await it.PushFileAsync(
            PersonCreation.MatchExistingAndCreateMissing, path, happened: e => { if (e is CallFinished && it.Marketo.Calls.Count > 8) stop.Cancel(); }, cancellation: stop.Token);
        Assert.Equal(PushState.Interrupted, stopped.State);

        // Of the same length and the same time.
        var written = File.GetLastWriteTimeUtc(path);
        await File.WriteAllTextAsync(path, copy.Replace("Ann7,", "Bea7,", StringComparison.Ordinal).Replace("Ann8\n", "Bea8\n", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal("SourceChanged", (await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(stopped.Id))).ErrorId);

        await File.WriteAllTextAsync(path, copy);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(1));
        using var later = await PushFixture.ConnectAsync(it.Marketo, new ShortWaits());
        var resumed = await it.ResumeAsync(stopped.Id, later);

        Assert.Equal(PushState.Completed, resumed.State);
        Assert.Equal(3_000, resumed.Added);
        Assert.Equal(3_000, it.Members().Distinct().Count());
    }

    private static string Write(PushFixture it, string name, int people)
    {
        string path = Path.Combine(it.Folder, name);
        File.WriteAllText(path, "email,firstName\n" + string.Concat(Enumerable.Range(0, people).Select(i => $"person{i}@example.com,Ann{i}\n")));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        return path;
    }

    private static void Change(PushFixture it, string path, string change)
    {
        switch (change)
        {
            case "grown":
                File.AppendAllText(path, "late@example.com,Late\n");
                break;
            case "target of the link grown":
                Change(it, Path.Combine(it.Folder, "segment.csv"), "grown");
                break;
            case "replaced by one of the same size and time":
                string twin = Path.Combine(it.Folder, "twin.csv");
                File.WriteAllText(twin, File.ReadAllText(path).Replace("Ann", "Bea", StringComparison.Ordinal));
                File.SetLastWriteTimeUtc(twin, File.GetLastWriteTimeUtc(path));
                File.Move(twin, path, overwrite: true);
                break;
            case "written":
                File.WriteAllBytes(path, File.ReadAllBytes(path));
                break;
            case "replaced":
                string other = Write(it, "other.csv", 2_999);
                File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(path));
                File.Move(other, path, overwrite: true);
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}
