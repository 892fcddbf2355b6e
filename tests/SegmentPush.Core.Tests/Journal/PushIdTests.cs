using SegmentPush.Journal;

namespace SegmentPush.Core.Tests.Journal;

public sealed class PushIdTests
{
    private static readonly Guid s_first = new("01a21b60-c484-7396-965f-4f20cb503443"), s_second = new("01a21b60-c484-7396-965f-4f20cb513443");

    [Fact]
    public void A_short_id_names_the_push_whose_id_ends_with_it()
    {
        using var folder = new TemporaryFolder();
        using var journal = With(folder, s_first, s_second);

        Assert.Equal(s_first, journal.History.FindId("cb503443"));
        Assert.Equal(s_second, journal.History.FindId("CB51-3443"));
        Assert.Equal(s_second, journal.History.FindId(s_second.ToString("B")));
    }

    [Fact]
    public void An_end_of_several_ids_is_refused_and_the_error_names_them()
    {
        using var folder = new TemporaryFolder();
        using var journal = With(folder, s_first, s_second);

        var error = Assert.Throws<SegmentPushException>(() => journal.History.FindId("3443"));

        Assert.Equal("PushIdAmbiguous", error.ErrorId);
        Assert.Contains(s_first.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(s_second.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("443", "PushIdMalformed")]
    [InlineData("Webinar", "PushIdMalformed")]
    [InlineData("", "PushIdMalformed")]
    [InlineData("%3443", "PushIdMalformed")]
    [InlineData("ffff", "PushNotFound")]
    public void A_text_that_ends_no_id_has_an_error_of_its_own(string text, string errorId)
    {
        using var folder = new TemporaryFolder();
        using var journal = With(folder, s_first);

        Assert.Equal(errorId, Assert.Throws<SegmentPushException>(() => journal.History.FindId(text)).ErrorId);
    }

    private static PushJournal With(TemporaryFolder folder, params Guid[] ids)
    {
        foreach (var id in ids)
        {
            using var other = PushJournal.Open(folder.Path);
            other.Lifecycle.Begin(
                new PushStatus
                {
                    Id = id,
                    State = PushState.Running,
                    Instance = "284-RPR-133",
                    StaticListId = 1021,
                    StaticListName = "Webinar",
                    Source = ["pipeline"],
                    PersonCreation = PersonCreation.MatchExisting,
                    ExistingPeople = ExistingPeople.Keep,
                    Delivery = Delivery.Sync,
                    Started = DateTimeOffset.UnixEpoch,
                },
                "{}",
                []);
        }

        return PushJournal.Open(folder.Path);
    }
}
