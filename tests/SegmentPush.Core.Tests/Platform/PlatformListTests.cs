using SegmentPush.Platform;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>Lists of the platform: their pages, and the order in which they come.</summary>
public sealed class PlatformListTests
{
    private const string Jobs = "/data/core/ups/export/jobs", Audiences = "/data/core/ups/audiences";
    private const int Older = 24;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_whose_answer_was_lost_is_found_in_a_long_list_of_either_order(bool oldestFirst)
    {
        using var fixture = new PlatformFixture(options => options with { JobsPerPage = 2, ListsOldestFirst = oldestFirst });
        using var connection = await fixture.ConnectAsync();
        var request = await MakeJobsAsync(connection);
        fixture.Platform.Inject(SandboxFault.BreakAfter() with { Path = Jobs, Method = "POST", Times = 1 });

        var job = await connection.Jobs.CreateAsync(request, new HashSet<string>(), PlatformFixture.Stop);

        Assert.Equal(Older + 1, fixture.Platform.ExportJobs.Count);
        Assert.Equal(fixture.Platform.ExportJobs[^1].ToString(System.Globalization.CultureInfo.InvariantCulture), job.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_under_way_is_found_in_a_long_list_of_either_order(bool oldestFirst)
    {
        using var fixture = new PlatformFixture(options => options with { JobsPerPage = 2, ListsOldestFirst = oldestFirst, ExportDuration = TimeSpan.FromHours(3) });
        using var connection = await fixture.ConnectAsync();
        var request = await MakeJobsAsync(connection);
        var made = await connection.Jobs.CreateAsync(request, new HashSet<string>(), PlatformFixture.Stop);

        Assert.Equal(made.Id, (await connection.Jobs.FindUnderWayAsync(request, PlatformFixture.Stop))!.Id);
    }

    [Fact]
    public async Task Of_a_list_that_begins_with_the_newest_job_old_jobs_are_not_read()
    {
        using var fixture = new PlatformFixture(options => options with { JobsPerPage = 2, ExportDuration = TimeSpan.FromDays(5) });
        using var connection = await fixture.ConnectAsync();
        var request = await MakeJobsAsync(connection);
        fixture.Platform.AgeExportJobs(TimeSpan.FromDays(2));
        fixture.Platform.ForgetCalls();

        Assert.Null(await connection.Jobs.FindUnderWayAsync(request, PlatformFixture.Stop));

        Assert.Single(fixture.Platform.Calls);
    }

    [Fact]
    public async Task A_page_of_jobs_that_names_the_next_one_in_its_link_alone_is_gone_on_from()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body("""{"records":[{"id":1,"status":"NEW"}],"page":{},"link":{"next":"/export/jobs/?limit=1&offset=1540974701302_1"}}""") with { Path = Jobs, Times = 1 });
        fixture.Platform.Inject(SandboxFault.Body("""{"records":[{"id":2,"status":"NEW"}],"page":{"pageOffset":"1540974701302_2"},"link":{"next":""}}""") with { Path = Jobs, Times = 1 });

        var jobs = await connection.Jobs.GetAsync(PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop);

        Assert.Equal(["1", "2"], jobs.Select(job => job.Id));
        Assert.Contains("offset=1540974701302_1", fixture.Platform.Calls.Last().Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Audiences_come_once_each_whether_the_platform_counts_pages_or_audiences(bool countsPages)
    {
        using var fixture = new PlatformFixture(options => options with { AudiencesPerPage = 7, CountsPages = countsPages });
        for (int i = 0; i < 50; i++) fixture.Platform.AddAudience(new PlatformSandboxAudience(Guid.NewGuid().ToString(), $"Audience {i}"));
        using var connection = await fixture.ConnectAsync();

        var audiences = await connection.Audiences.GetAsync(null, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop);

        Assert.Equal((54, 54), (audiences.Count, audiences.DistinctBy(audience => audience.Id).Count()));
    }

    [Fact]
    public async Task A_last_page_of_audiences_that_names_itself_ends_the_list()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.Body("""{"children":[{"id":"a","name":"A"}],"_page":{"totalCount":2,"next":1}}""") with { Path = Audiences, Times = 1 });
        fixture.Platform.Inject(SandboxFault.Body("""{"children":[{"id":"b","name":"B"}],"_page":{"totalCount":2,"next":1}}""") with { Path = Audiences });

        var audiences = await connection.Audiences.GetAsync(null, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop);

        Assert.Equal(["a", "b"], audiences.Select(audience => audience.Id));
    }

    [Fact]
    public async Task Batches_are_listed_whole_where_pages_are_shorter_than_asked_for()
    {
        using var fixture = new PlatformFixture(options => options with { CatalogPageSize = 2 });
        using var connection = await fixture.ConnectAsync();
        var request = await MakeJobsAsync(connection, 5);

        // A job moves on when somebody looks at it.
        await foreach (var _ in connection.Jobs.GetAsync(PlatformFixture.Stop)) Assert.NotEmpty(request.DatasetId);
        var batches = await connection.Batches.GetAsync(request.DatasetId, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop);

        Assert.Equal(5, batches.Count);
    }

    // Jobs with other fields than the request's.
    private static async Task<ExportRequest> MakeJobsAsync(PlatformConnection connection, int count = Older)
    {
        var request = new ExportRequest(await connection.Datasets.GetOrCreateAsync(PlatformFixture.Stop), PlatformFixture.Webinar, "ups", ["identityMap", "segmentMembership"], null);
        for (int i = 0; i < count; i++)
            await connection.Jobs.CreateAsync(request with { Fields = ["identityMap"] }, new HashSet<string>(), PlatformFixture.Stop);
        return request;
    }
}
