using SegmentPush.Platform;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Platform;

public sealed class AudienceExportTests : IDisposable
{
    private const string Jobs = "/data/core/ups/export/jobs";

    private static readonly string[] s_fields = ["person.name.firstName", "workEmail.address", "identityMap.Email"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Csv => Path.Combine(_folder.Path, "people.csv");

    [Fact]
    public async Task Everybody_who_is_in_comes_and_nobody_else()
    {
        using var fixture = new PlatformFixture(options => options with { ProfilesPerFile = 30, ProfilesPerGroup = 7, FilesPerPage = 2 });
        using var connection = await fixture.ConnectAsync();

        await SaveAsync(connection);

        string[] lines = await File.ReadAllLinesAsync(Csv, PlatformFixture.Stop);
        Assert.Equal(1 + 112, lines.Length);
        Assert.Equal("person.name.firstName,workEmail.address,identityMap.Email", lines[0]);
        Assert.Contains("Ken,person1@example.com,person1@example.com", lines);
        Assert.Contains("Aoife,,person3@example.com", lines);
        Assert.Contains("Zoë,,", lines);
    }

    [Fact]
    public async Task Leavers_that_the_platform_writes_are_not_in_the_CSV_file()
    {
        using var fixture = new PlatformFixture(options => options with { ExportsLeavers = true });
        using var connection = await fixture.ConnectAsync();

        await SaveAsync(connection);

        string[] lines = await File.ReadAllLinesAsync(Csv, PlatformFixture.Stop);
        Assert.Equal(1 + 112, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("person15@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Profiles_with_lists_of_addresses_and_odd_texts_come_as_they_are()
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.ClearProfiles();
        fixture.Platform.AddProfile(new PlatformProfile
        {
            Values = new Dictionary<string, string> { ["person.name.firstName"] = "null", ["workEmail.address"] = "a,\"b\"\r\n" },
            Identities = new Dictionary<string, IReadOnlyList<PlatformIdentity>> { ["Phone"] = [new("1")], ["Email"] = [new("x@example.com"), new("y@example.com", true), new("z@example.com")] },
            Memberships = new Dictionary<string, PlatformMembership> { [PlatformFixture.Webinar] = new("existing", DateTimeOffset.UnixEpoch), ["other"] = new("exited", DateTimeOffset.UnixEpoch) },
        });
        using var connection = await fixture.ConnectAsync();

        await SaveAsync(connection);

        Assert.EndsWith("null,\"a,\"\"b\"\"\r\n\",y@example.com\r\n", await File.ReadAllTextAsync(Csv, PlatformFixture.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Parquet_files_come_as_they_are_and_can_be_read_as_a_segment()
    {
        using var fixture = new PlatformFixture(options => options with { ProfilesPerFile = 60 });
        using var connection = await fixture.ConnectAsync();
        string folder = Path.Combine(_folder.Path, "parquet");

        var files = await Save(connection, isForPush: true).ToFolderAsync(folder, false, PlatformFixture.Stop);

        Assert.Equal(2, files.Count);
        long rows = 0;
        foreach (string file in files)
        {
            using var source = FileSource.Open(file, FormOptions.None, PlatformFixture.Stop);
            Assert.Contains("identityMap.Email", source.Form.Columns);
            Assert.Contains($"segmentMembership.ups.{PlatformFixture.Webinar}.status", source.Form.Columns);
            rows += source.Form.Rows!.Value;
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(112, rows);
        Assert.Equal(files.Order(), Directory.EnumerateFileSystemEntries(folder).Order());
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(null, false)]
    public async Task Files_come_whole_with_any_ranges_that_the_server_sends(int? largestRange, bool sendsRanges)
    {
        using var fixture = new PlatformFixture(options => options with { LargestRange = largestRange, SendsRanges = sendsRanges, HasRehearsalPeople = true });
        using var connection = await fixture.ConnectAsync();
        connection.Downloads.PieceBytes = 1500;

        await SaveAsync(connection);

        Assert.Equal(1 + 112, (await File.ReadAllLinesAsync(Csv, PlatformFixture.Stop)).Length);
    }

    [Fact]
    public async Task A_second_export_uses_the_dataset_of_the_first_and_a_job_of_its_own()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();

        await SaveAsync(connection);
        await SaveAsync(connection);

        Assert.Equal(1, fixture.Platform.DatasetCount);
        Assert.Equal(2, fixture.Platform.ExportJobs.Count);
    }

    [Fact]
    public async Task A_job_whose_answer_was_lost_is_found_again_and_not_made_twice()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.BreakAfter() with { Path = Jobs, Method = "POST", Times = 1 });

        await SaveAsync(connection);

        Assert.Single(fixture.Platform.ExportJobs);
    }

    [Fact]
    public async Task An_export_that_begins_again_while_its_job_runs_makes_no_second_job()
    {
        using var fixture = new PlatformFixture(options => options with { ExportDuration = TimeSpan.FromMinutes(2) });
        using var connection = await fixture.ConnectAsync();
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(PlatformFixture.Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Save(connection, progress: _ => killed.Cancel()).ToCsvAsync(
            OutputFile.At(Csv, new OutputKind("export")), s_fields, false, killed.Token));

        await SaveAsync(connection);

        Assert.Single(fixture.Platform.ExportJobs);
    }

    [Fact]
    public async Task A_job_that_was_never_made_is_made_once_more()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(503) with { Path = Jobs, Method = "POST", Times = 1 });

        await SaveAsync(connection);

        Assert.Single(fixture.Platform.ExportJobs);
    }

    [Fact]
    public async Task A_dataset_whose_answer_was_lost_is_not_made_twice()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.BreakAfter() with { Path = "/data/foundation/catalog/dataSets", Method = "POST", Times = 1 });

        await SaveAsync(connection);

        Assert.Equal(1, fixture.Platform.DatasetCount);
    }

    [Fact]
    public async Task A_job_that_takes_a_while_and_a_batch_that_comes_late_are_waited_for()
    {
        using var fixture = new PlatformFixture(options => options with { ExportDuration = TimeSpan.FromMinutes(2), BatchDelay = TimeSpan.FromMinutes(1) });
        using var connection = await fixture.ConnectAsync();
        var seen = new List<string>();

        await Save(connection, progress: progress => seen.Add(progress.Status)).ToCsvAsync(OutputFile.At(Csv, new OutputKind("export")), s_fields, false, PlatformFixture.Stop);

        Assert.Contains("NEW", seen);
        Assert.Contains("PROCESSING", seen);
        Assert.Contains("SUCCEEDED", seen);
        Assert.Contains("loading", seen);
    }

    [Fact]
    public async Task A_failed_job_is_an_error_and_leaves_no_file()
    {
        using var fixture = new PlatformFixture(options => options with { ExportDuration = TimeSpan.FromHours(1) });
        using var connection = await fixture.ConnectAsync();
        bool isFailed = false;

        var error = await Assert.ThrowsAsync<PlatformException>(() => Save(connection, progress: _ =>
        {
            if (!isFailed) fixture.Platform.FailExportJobs();
            isFailed = true;
        }).ToCsvAsync(OutputFile.At(Csv, new OutputKind("export")), s_fields, false, PlatformFixture.Stop));

        Assert.Equal("PlatformExportFailed", error.ErrorId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_job_of_more_than_a_day_is_given_up()
    {
        using var fixture = new PlatformFixture(options => options with { ExportDuration = TimeSpan.FromDays(3) });
        using var connection = await fixture.ConnectAsync();

        var error = await Assert.ThrowsAsync<PlatformException>(() => Save(connection, longestJob: TimeSpan.FromMinutes(3)).ToCsvAsync(
            OutputFile.At(Csv, new OutputKind("export")), s_fields, false, PlatformFixture.Stop));

        Assert.Equal("PlatformExportTooLong", error.ErrorId);
    }

    [Fact]
    public async Task A_policy_that_forbids_emails_stops_the_export_before_a_job_is_made()
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.AddPolicy("No emails to C2", "C2");
        using var connection = await fixture.ConnectAsync();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => SaveAsync(connection));

        Assert.Equal("PolicyViolated", error.ErrorId);
        Assert.Contains("'No emails to C2'", error.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Platform.ExportJobs);
        Assert.Equal(0, fixture.Platform.DatasetCount);
    }

    [Fact]
    public async Task A_skipped_policy_check_asks_nobody()
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.AddPolicy("No emails to C2", "C2");
        using var connection = await fixture.ConnectAsync();

        await Save(connection, skipPolicyCheck: true).ToCsvAsync(OutputFile.At(Csv, new OutputKind("export")), s_fields, false, PlatformFixture.Stop);

        Assert.DoesNotContain(fixture.Platform.Calls, call => call.Path.Contains("dulepolicy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_damaged_on_its_way_is_no_export()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(200, "{\"x\":1}", "application/octet-stream") with { Path = "/data/foundation/export/files/*", After = 1 });

        var error = await Assert.ThrowsAsync<PlatformException>(() => SaveAsync(connection));

        Assert.Equal("PlatformFileIncomplete", error.ErrorId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task An_audience_without_people_gives_a_file_without_rows()
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.ClearProfiles();
        using var connection = await fixture.ConnectAsync();

        await SaveAsync(connection);

        Assert.Single(await File.ReadAllLinesAsync(Csv, PlatformFixture.Stop));
    }

    [Fact]
    public async Task What_exports_left_is_listed_and_deleted()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        await SaveAsync(connection);
        await SaveAsync(connection);

        var exports = await connection.Exports.GetAsync(PlatformFixture.Stop);
        Assert.Equal(2, exports.Count);
        Assert.All(exports, export => Assert.Equal((PlatformFixture.Webinar, "Webinar EMEA", "success", 112L), (export.AudienceId, export.Audience, export.State, export.Profiles)));

        await connection.Exports.RemoveAsync(exports[0], PlatformFixture.Stop);

        Assert.Equal([exports[1].BatchId!], fixture.Platform.Batches);
        Assert.Single(await connection.Exports.GetAsync(PlatformFixture.Stop));
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_replaced()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        await File.WriteAllTextAsync(Csv, "mine", PlatformFixture.Stop);

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => Save(connection).ToCsvAsync(OutputFile.At(Csv, new OutputKind("export")), s_fields, false, PlatformFixture.Stop));

        Assert.Equal("FileExists", error.ErrorId);
        Assert.Empty(fixture.Platform.ExportJobs);
        Assert.Equal("mine", await File.ReadAllTextAsync(Csv, PlatformFixture.Stop));
    }

    private Task SaveAsync(PlatformConnection connection) =>
        Save(connection).ToCsvAsync(OutputFile.At(Csv, new OutputKind("export")), s_fields, true, PlatformFixture.Stop);

    private static AudienceSave Save(
        PlatformConnection connection, bool isForPush = false, bool skipPolicyCheck = false, Action<ExportProgress>? progress = null, TimeSpan? longestJob = null)
    {
        var audience = connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop).GetAwaiter().GetResult()!;
        return new AudienceSave(new AudienceExport(connection, new AudienceExportOptions(audience, AudienceFields.Of(s_fields, isForPush))
        {
            SkipPolicyCheck = skipPolicyCheck,
            Progress = progress,
            LongestJob = longestJob ?? TimeSpan.FromDays(1),
        }), audience);
    }
}
