using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>Static lists are created in folders.</summary>
public sealed class StaticListCreateTests
{
    private const string Lists = "/rest/asset/v1/staticLists.json";

    [Theory]
    [InlineData("42", "Group Lists", null)]
    [InlineData("Folder:42", "Group Lists", null)]
    [InlineData(" Group Lists ", "Group Lists", null)]
    [InlineData("Program:1034", "Webinar EMEA 2026", "Webinar EMEA 2026")]
    [InlineData("program:1034", "Webinar EMEA 2026", "Webinar EMEA 2026")]
    public async Task A_list_is_created_in_the_folder_that_was_named(string named, string folder, string? program)
    {
        await using var it = await PushFixture.StartAsync();

        var found = await FolderAsync(it, named);
        var list = await CreateAsync(it, "Herbst & Winter 100 %: žluťoučký", named, "From AEP");

        Assert.Equal(folder, found.Name);
        Assert.Equal(("Herbst & Winter 100 %: žluťoučký", "From AEP", program), (list.Name, list.Description, list.ProgramName));
        Assert.NotNull(list.CreatedAt);
        var read = await it.Connection.StaticLists.FindAsync(list.Id, TestContext.Current.CancellationToken);
        Assert.Equal((list.Name, list.Description, list.ProgramName), (read!.Name, read.Description, read.ProgramName));
    }

    [Theory]
    [InlineData("", "InvalidFolder")]
    [InlineData("  ", "InvalidFolder")]
    [InlineData("https://app-ab12.marketo.com/#MF42A1", "InvalidFolder")]
    public void A_folder_that_cannot_be_is_refused(string named, string id) =>
        Assert.Equal(id, Assert.Throws<SegmentPushException>(() => FolderReference.Parse(named)).ErrorId);

    [Theory]
    [InlineData("4242")]
    [InlineData("Folder:1034")]
    [InlineData("Program:42")]
    [InlineData("Group")]
    public async Task A_folder_that_is_not_there_is_an_error_and_nothing_is_created(string named)
    {
        await using var it = await PushFixture.StartAsync();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => CreateAsync(it, "Autumn", named));

        Assert.Equal("FolderNotFound", error.ErrorId);
        Assert.NotEmpty(error.RecommendedAction!);
        Assert.DoesNotContain(it.Marketo.Calls, call => call is { Method: "POST", Path: Lists });
    }

    [Fact]
    public async Task A_name_that_is_taken_is_an_error_with_the_id_of_the_list_that_has_it()
    {
        await using var it = await PushFixture.StartAsync();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => CreateAsync(it, "webinar emea", "42"));

        Assert.Equal(("StaticListExists", 1021L), (error.ErrorId, error.Target));
        Assert.Contains("1021", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(it.Marketo.Calls, call => call is { Method: "POST", Path: Lists });
    }

    [Fact]
    public async Task A_name_that_is_taken_on_the_last_page_of_a_large_folder_is_found()
    {
        await using var it = await PushFixture.StartAsync();
        for (int i = 0; i < 450; i++) it.Marketo.AddStaticList($"List {i}", 5000 + i);

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => CreateAsync(it, "List 449", "42"));

        Assert.Equal(("StaticListExists", 5449L), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task A_name_that_Marketo_says_is_taken_elsewhere_is_told_with_its_id()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.Error("709", "Static List with the same name already exists") with { Path = Lists, Method = "POST" });

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => CreateAsync(it, "Newsletter", "Program:1034"));

        Assert.Equal(("StaticListExists", 1022L), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task Another_rule_that_Marketo_sees_broken_is_told_in_its_words()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.Error("709", "Folder is archived") with { Path = Lists, Method = "POST" });

        var error = await Assert.ThrowsAsync<MarketoException>(() => CreateAsync(it, "Autumn", "42"));

        Assert.Equal("AssetRefused", error.ErrorId);
        Assert.Contains("Folder is archived", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_missing_permission_is_named()
    {
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, HasReadWriteAssets = false });

        var error = await Assert.ThrowsAsync<MarketoException>(() => CreateAsync(it, "Autumn", "42"));

        Assert.Equal(("AccessDenied", "603"), (error.ErrorId, error.Code));
        Assert.Contains("Read-Write Assets", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_name_is_refused_before_anything_is_sent()
    {
        await using var it = await PushFixture.StartAsync();
        var folder = await FolderAsync(it, "42");
        it.Marketo.ForgetCalls();

        var error = await Assert.ThrowsAsync<SegmentPushException>(
            () => it.Connection.StaticLists.CreateAsync(" ", folder, null, TestContext.Current.CancellationToken));

        Assert.Equal("InvalidStaticList", error.ErrorId);
        Assert.Empty(it.Marketo.Calls);
    }

    public static TheoryData<SandboxFault, int> LostAnswers { get; } = new()
    {
        { SandboxFault.BreakAfter(), 1 },
        { SandboxFault.Truncate(), 1 },
        { SandboxFault.BreakBefore(), 2 },
        { SandboxFault.HttpStatus(502), 2 },
    };

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task A_list_whose_creation_was_not_answered_is_there_once(SandboxFault fault, int calls)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(fault with { Path = Lists, Method = "POST", Times = 1 });

        var list = await CreateAsync(it, "Autumn", "42");

        Assert.Equal(calls, it.Marketo.Calls.Count(call => call is { Method: "POST", Path: Lists }));
        var named = await it.Connection.StaticLists.FindByNameAsync("Autumn", TestContext.Current.CancellationToken);
        Assert.Equal(list.Id, Assert.Single(named.Found).Id);
    }

    [Fact]
    public async Task A_creation_that_is_never_answered_ends_with_an_error()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(SandboxFault.BreakBefore() with { Path = Lists, Method = "POST" });

        await Assert.ThrowsAsync<AnswerLostException>(() => CreateAsync(it, "Autumn", "42"));

        Assert.Empty((await it.Connection.StaticLists.FindByNameAsync("Autumn", TestContext.Current.CancellationToken)).Found);
    }

    private static Task<Folder> FolderAsync(PushFixture it, string named) =>
        FolderReference.Parse(named).ResolveAsync(it.Connection.Folders, TestContext.Current.CancellationToken);

    private static async Task<StaticList> CreateAsync(PushFixture it, string name, string folder, string? description = null) =>
        await it.Connection.StaticLists.CreateAsync(
            name, await FolderAsync(it, folder), description, TestContext.Current.CancellationToken);
}
