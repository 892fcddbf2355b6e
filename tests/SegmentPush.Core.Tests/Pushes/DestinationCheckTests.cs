using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A destination that is saved is one whose pushes find what they need.</summary>
public sealed class DestinationCheckTests
{
    private static readonly SandboxOptions s_options = new() { CallsPer20Seconds = null, ConcurrentCalls = null };

    private static readonly SegmentDestination s_destination = new()
    {
        Name = "Webinar EMEA",
        Instance = string.Empty,
        StaticListId = PushFixture.ListId,
        StaticListName = string.Empty,
        Mapping = [new("email", "email"), new("first", "firstName")],
        TimeZone = "Europe/Paris",
    };

    [Fact]
    public async Task A_destination_is_completed_with_what_the_instance_calls_things()
    {
        await using var fixture = await PushFixture.StartAsync(s_options);

        var byId = await Check(fixture, s_destination with { Partition = " europe ", Name = "  Webinar EMEA " });
        var byName = await Check(fixture, s_destination with { StaticListId = 0, StaticListName = " webinar emea" });

        Assert.Equal(("Webinar EMEA", fixture.Connection.Instance, 1021L, "Webinar EMEA", "Europe"), (byId.Name, byId.Instance, byId.StaticListId, byId.StaticListName, byId.Partition));
        Assert.Equal((1021L, "Webinar EMEA"), (byName.StaticListId, byName.StaticListName));
        Assert.Empty(fixture.Members());
    }

    public static TheoryData<string, string> WhatIsWrongInTheInstance => new()
    {
        { "list", "StaticListNotFound" },
        { "list name", "StaticListNotFound" },
        { "field", "FieldNotFound" },
        { "identity", "IdentityMissing" },
        { "identity to create", "IdentityNotUpdateable" },
        { "partition", "PartitionNotFound" },
    };

    [Theory]
    [MemberData(nameof(WhatIsWrongInTheInstance))]
    public async Task What_the_instance_does_not_have_is_an_error(string what, string id)
    {
        await using var fixture = await PushFixture.StartAsync(s_options);
        var destination = what switch
        {
            "list" => s_destination with { StaticListId = 77 },
            "list name" => s_destination with { StaticListId = 0, StaticListName = "No such list" },
            "field" => s_destination with { Mapping = [new("email", "emial")] },
            "identity" => s_destination with { Mapping = [new("first", "firstName")] },
            "identity to create" => s_destination with
            {
                Mapping = [new("key", "id", "Id")],
                PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
            },
            _ => s_destination with { Partition = "Nowhere" },
        };

        Assert.Equal(id, (await Assert.ThrowsAnyAsync<SegmentPushException>(() => Check(fixture, destination))).ErrorId);
    }

    public static TheoryData<string, string> WhatIsWrongByItself => new()
    {
        { "blank name", "DestinationNameInvalid" },
        { "long name", "DestinationNameInvalid" },
        { "name with line end", "DestinationNameInvalid" },
        { "dates", "DatesReversed" },
        { "zone", "TimeZoneNotFound" },
        { "removal percent", "PercentOutOfRange" },
        { "shrink percent", "PercentOutOfRange" },
        { "reject percent", "PercentOutOfRange" },
        { "removals", "MaxRemovalsNegative" },
        { "membership column", "MembershipColumnNotUsed" },
    };

    [Theory]
    [MemberData(nameof(WhatIsWrongByItself))]
    public async Task What_is_wrong_by_itself_is_an_error_before_Marketo_is_asked(string what, string id)
    {
        await using var fixture = await PushFixture.StartAsync(s_options);
        int calls = fixture.Marketo.Calls.Count;
        var destination = what switch
        {
            "blank name" => s_destination with { Name = " " },
            "long name" => s_destination with { Name = new string('x', 101) },
            "name with line end" => s_destination with { Name = "a\nb" },
            "dates" => s_destination with { StartDate = new DateTime(2026, 2, 2), EndDate = new DateTime(2026, 2, 1) },
            "zone" => s_destination with { TimeZone = "Europe/Atlantis" },
            "removal percent" => s_destination with { MaxRemovalPercent = 101 },
            "shrink percent" => s_destination with { MaxShrinkPercent = -1 },
            "reject percent" => s_destination with { MaxRejectPercent = 101 },
            "removals" => s_destination with { MaxRemovals = -1 },
            _ => s_destination with { MembershipColumn = "status", Mode = PushMode.Mirror },
        };

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => Check(fixture, destination));

        Assert.Equal(id, error.ErrorId);
        Assert.NotNull(error.RecommendedAction);
        Assert.Equal(calls, fixture.Marketo.Calls.Count);
    }

    [Fact]
    public void A_destination_of_one_day_and_of_the_outermost_limits_is_right()
    {
        var day = new DateTime(2026, 2, 1);

        var destination = DestinationCheck.Checked(s_destination with
        {
            Name = new string('x', 100), StartDate = day, EndDate = day, MaxRemovals = 0, MaxRemovalPercent = 0, MaxShrinkPercent = 100,
            Mode = PushMode.Delta, MembershipColumn = " status ", Description = " ", Partition = "",
        });

        Assert.Equal(("status", null, null), (destination.MembershipColumn, destination.Description, destination.Partition));
    }

    [Theory]
    [InlineData("Romance Standard Time", "Europe/Paris")]
    [InlineData(" europe/paris ", "Europe/Paris")]
    [InlineData("America/New_York", "America/New_York")]
    public void A_time_zone_is_kept_by_the_name_that_all_machines_know(string given, string kept)
    {
        TimeZoneInfo.ClearCachedData();
        Assert.Equal(kept, DestinationCheck.Checked(s_destination with { TimeZone = given }).TimeZone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_the_permission_to_write_there_is_no_destination_and_no_new_list(bool withNewList)
    {
        await using var fixture = await PushFixture.StartAsync(s_options with { HasReadWriteLead = false });
        var folder = await FolderOf(fixture);

        var error = await Assert.ThrowsAsync<MarketoException>(() => withNewList
            ? DestinationCheck.CheckedWithoutListAsync(s_destination with { StaticListId = 0, StaticListName = "New" }, folder, fixture.Connection, default)
            : Check(fixture, s_destination));

        Assert.Equal("AccessDenied", error.ErrorId);
        Assert.Contains("Read-Write Person", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty((await fixture.Connection.StaticLists.FindByNameAsync("New", default)).Found);
    }

    [Fact]
    public async Task A_list_that_is_yet_to_be_made_is_checked_and_not_made()
    {
        await using var fixture = await PushFixture.StartAsync(s_options);
        var folder = await FolderOf(fixture);
        var destination = s_destination with { StaticListId = 0, StaticListName = " Autumn " };

        var complete = await DestinationCheck.CheckedWithoutListAsync(destination, folder, fixture.Connection, default);

        Assert.Equal((0L, "Autumn", fixture.Connection.Instance), (complete.StaticListId, complete.StaticListName, complete.Instance));
        Assert.Empty((await fixture.Connection.StaticLists.FindByNameAsync("Autumn", default)).Found);
        await AssertFails("FieldNotFound", destination with { Mapping = [new("a", "emial")] });
        await AssertFails("PartitionNotFound", destination with { Partition = "Nowhere" });
        await AssertFails("StaticListExists", destination with { StaticListName = "webinar emea" });
        await AssertFails("DatesReversed", destination with { StartDate = new DateTime(2026, 2, 2), EndDate = new DateTime(2026, 2, 1) });

        async Task AssertFails(string id, SegmentDestination wrong) => Assert.Equal(id, (await Assert.ThrowsAnyAsync<SegmentPushException>(
            () => DestinationCheck.CheckedWithoutListAsync(wrong, folder, fixture.Connection, default))).ErrorId);
    }

    [Fact]
    public async Task A_name_that_another_folder_s_list_has_can_be_had()
    {
        await using var fixture = await PushFixture.StartAsync(s_options);
        var program = await FolderReference.Parse("Program:1034").ResolveAsync(fixture.Connection.Folders, default);

        var complete = await DestinationCheck.CheckedWithoutListAsync(
            s_destination with { StaticListId = 0, StaticListName = "Webinar EMEA" }, program, fixture.Connection, default);

        Assert.Equal(0, complete.StaticListId);
    }

    [Fact]
    public void A_change_that_sets_aside_what_is_remembered_of_a_list_is_told_before()
    {
        using var folder = new TemporaryFolder();
        using var journal = PushJournal.Open(folder.Path);
        var saved = SavedDestinations.Save(journal, Complete(s_destination), DateTimeOffset.UtcNow);

        Assert.Empty(DestinationCheck.WarningsOf(journal, saved with { EndDate = new DateTime(2027, 1, 1), Mode = PushMode.Mirror }));
        Assert.Empty(DestinationCheck.WarningsOf(journal, saved with { Mapping = [new("mail", "Email"), new("last", "lastName")] }));
        Assert.Contains("another field", Assert.Single(DestinationCheck.WarningsOf(journal, saved with { Mapping = [new("key", "id", "Id")] })).English, StringComparison.Ordinal);
        Assert.Contains("another list", Assert.Single(DestinationCheck.WarningsOf(journal, saved with { StaticListId = 1022 })).English, StringComparison.Ordinal);
        Assert.Contains("another list", Assert.Single(DestinationCheck.WarningsOf(journal, saved with { Instance = "284-RPR-133" })).English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_another_destination_has_is_told_once()
    {
        using var folder = new TemporaryFolder();
        using var journal = PushJournal.Open(folder.Path);
        SavedDestinations.Save(journal, Complete(s_destination), DateTimeOffset.UtcNow);
        var second = Complete(s_destination) with { Name = "Second" };

        Assert.Contains("'Webinar EMEA'", Assert.Single(DestinationCheck.WarningsOf(journal, second)).English, StringComparison.Ordinal);
        SavedDestinations.Save(journal, second, DateTimeOffset.UtcNow);
        Assert.Empty(DestinationCheck.WarningsOf(journal, second with { MaxRemovals = 5 }));
        Assert.Empty(DestinationCheck.WarningsOf(journal, second with { Name = "Third", Instance = "284-RPR-133" }));
    }

    private static SegmentDestination Complete(SegmentDestination destination) => destination with { Instance = "000-SBX-000", StaticListName = "Webinar EMEA" };

    private static Task<SegmentDestination> Check(PushFixture fixture, SegmentDestination destination) =>
        DestinationCheck.CheckedAsync(destination, fixture.Connection, default);

    private static Task<Folder> FolderOf(PushFixture fixture) =>
        FolderReference.Parse("Group Lists").ResolveAsync(fixture.Connection.Folders, default);
}
