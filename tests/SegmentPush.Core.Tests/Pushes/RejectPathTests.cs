using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class RejectPathTests
{
    [Fact]
    public async Task Rejected_rows_keep_header_order_and_delimiter_and_can_be_mended()
    {
        await using var it = await PushFixture.StartAsync();
        string segment = Write(it, "segment.csv", "note;email\n=1+1;bad\n'=x;worse\n\"say \"\"hi\"\"; there\";fine@example.com\n-;ugly\n");
        string bad = Path.Combine(it.Folder, "bad.csv");
        var status = await PushAsync(it, segment, bad);
        string text = File.ReadAllText(bad);
        Assert.Equal(3, status.Rejected);
        Assert.StartsWith("note';email;_Row;_Code;_Reason\r\n'=1+1;bad;1;AddressMalformed;", text, StringComparison.Ordinal);

        File.WriteAllText(bad, text.Replace(";bad;", ";bad@example.com;", StringComparison.Ordinal).Replace(";worse;", ";worse@example.com;", StringComparison.Ordinal));
        string again = Path.Combine(it.Folder, "again.csv");
        await PushAsync(it, bad, again);

        Assert.Equal("=1+1", it.Marketo.FindPeople("email", "bad@example.com").Single()["firstName"]);
        Assert.Equal("'=x", it.Marketo.FindPeople("email", "worse@example.com").Single()["firstName"]);
        Assert.StartsWith("note;email;_Row;_Code;_Reason\r\n-;ugly;3;AddressMalformed;", File.ReadAllText(again), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("only")]
    [InlineData("\"ann@example.com\"x,2")]
    public async Task A_malformed_row_stays_rejected_until_it_is_mended(string row)
    {
        await using var it = await PushFixture.StartAsync();
        string bad = Path.Combine(it.Folder, "bad.csv");
        await PushAsync(it, Write(it, "segment.csv", $"email,note\nfine@example.com,1\n{row}\n"), bad);

        var again = await PushAsync(it, bad, Path.Combine(it.Folder, "again.csv"));

        Assert.Equal((1, 1, "NobodyArrived"), (again.Received, again.Rejected, again.ErrorId));
    }

    [Theory]
    [InlineData("ascii")]
    [InlineData(null)]
    public async Task A_row_with_bytes_of_another_encoding_stays_rejected_until_it_is_mended(string? encodingOfRejects)
    {
        await using var it = await PushFixture.StartAsync();
        string bad = Path.Combine(it.Folder, "bad.csv");
        await PushAsync(it, [Open(Write(it, "segment.csv", "email,note\na@example.com,Ann\nb@example.com,José\n"), "ascii")], bad);

        var again = await PushAsync(it, [Open(bad, encodingOfRejects)], Path.Combine(it.Folder, "again.csv"));

        Assert.Equal((1, 1, "NobodyArrived"), (again.Received, again.Rejected, again.ErrorId));
        Assert.Empty(it.Marketo.FindPeople("email", "b@example.com"));

        File.WriteAllText(bad, File.ReadAllText(bad).Replace("\uFFFF\uFFFF", "é", StringComparison.Ordinal), new System.Text.UTF8Encoding(true));
        await PushAsync(it, [Open(bad, encodingOfRejects)], Path.Combine(it.Folder, "mended.csv"));
        Assert.Equal("José", it.Marketo.FindPeople("email", "b@example.com").Single()["firstName"]);
    }

    [Fact]
    public async Task A_malformed_row_of_a_file_with_backslashes_stays_rejected_until_it_is_mended()
    {
        await using var it = await PushFixture.StartAsync();
        string bad = Path.Combine(it.Folder, "bad.csv");
        const string Text = "email,note\n\"a@example.com\",\"Ann \\\"x\\\"\"\n\"b@example.com\",\"Bob\" x\n\"c@example.com\",\"Cid\"\n";
        await PushAsync(it, Write(it, "segment.csv", Text), bad);
        string rejects = File.ReadAllText(bad);
        Assert.Contains("\"\"\"b@example.com\"\",\"\"Bob\"\" x\"?,,2,MalformedQuote,", rejects, StringComparison.Ordinal);

        var again = await PushAsync(it, bad, Path.Combine(it.Folder, "again.csv"));
        Assert.Equal((1, 1, "NobodyArrived"), (again.Received, again.Rejected, again.ErrorId));
        Assert.Contains(",MalformedQuote,", File.ReadAllText(Path.Combine(it.Folder, "again.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_for_its_owner_alone_and_replaces_an_older_one()
    {
        await using var it = await PushFixture.StartAsync();
        string bad = Write(it, "bad.csv", "email,note,_Row,_Code,_Reason\nold,1,1,AddressMalformed,old\n");

        await PushAsync(it, Write(it, "segment.csv", "email,note\nbad,1\nfine@example.com,2\n"), bad);

        Assert.DoesNotContain("old", File.ReadAllText(bad), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(it.Folder), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(bad));
    }

    [Fact]
    public async Task The_copy_of_piped_rows_is_private_while_it_is_needed_and_then_gone()
    {
        await using var it = await PushFixture.StartAsync();
        string orphan = Write(it, "spool-0.csv", "left by a killed process");
        File.SetLastWriteTimeUtc(orphan, DateTime.UtcNow.AddDays(-1));
        var modes = new List<UnixFileMode>();
        it.RejectPath = Path.Combine(it.Folder, "bad.csv");

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"], ["bad"]], happened: e =>
        {
            if (!OperatingSystem.IsWindows() && e is PushStarted)
                modes.AddRange(Directory.GetFiles(it.Folder, "spool-*.csv").Select(File.GetUnixFileMode));
        });

        Assert.Equal(1, status.Rejected);
        Assert.Contains("bad,,,,2,AddressMalformed", File.ReadAllText(it.RejectPath), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(it.Folder, "spool-*.csv"));
        Assert.False(File.Exists(orphan));
        Assert.All(modes, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
    }

    [Fact]
    public async Task A_path_that_cannot_be_is_refused_before_any_call()
    {
        await using var it = await PushFixture.StartAsync();
        string segment = Write(it, "segment.csv", "email,note\nbad,1\n");
        it.Marketo.ForgetCalls();

        Assert.Equal("RejectPathIsSource", (await Assert.ThrowsAsync<SegmentPushException>(() => PushAsync(it, segment, segment))).ErrorId);
        Assert.Equal("RejectPathNotWritable", (await Assert.ThrowsAsync<SegmentPushException>(() => PushAsync(it, segment, it.Folder))).ErrorId);
        Assert.Equal(
            "RejectPathNotWritable",
            (await Assert.ThrowsAsync<SegmentPushException>(() => PushAsync(it, segment, Path.Combine(segment, "bad.csv")))).ErrorId);
        Assert.Empty(it.Marketo.Calls);
    }

    [Fact]
    public async Task Files_with_different_columns_do_not_fit_one_reject_file()
    {
        await using var it = await PushFixture.StartAsync();
        var sources = new[] { Write(it, "a.csv", "email,note\nbad,1\n"), Write(it, "b.csv", "note,email\n1,bad\n") };

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => PushAsync(it, sources, Path.Combine(it.Folder, "bad.csv")));

        Assert.Equal("RejectHeadersDiffer", error.ErrorId);
    }

    private static string Write(PushFixture it, string name, string text)
    {
        string path = Path.Combine(it.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static PushSource Open(string path, string? encoding) => PushSource.OpenFile(path, new FormOptions { Encoding = encoding });

    private static Task<PushStatus> PushAsync(PushFixture it, string source, string rejectPath) => PushAsync(it, [source], rejectPath);

    private static Task<PushStatus> PushAsync(PushFixture it, string[] sources, string rejectPath) =>
        PushAsync(it, [.. sources.Select(source => PushSource.OpenFile(source, FormOptions.None))], rejectPath);

    private static async Task<PushStatus> PushAsync(PushFixture it, PushSource[] sources, string rejectPath)
    {
        it.Mapping = [new SegmentMapping("email", "email"), new SegmentMapping("note", "firstName")];
        var options = it.OptionsFor(PersonCreation.MatchExistingAndCreateMissing) with { RejectPath = rejectPath };
        PushEnded? ended = null;
        await foreach (var e in Push.RunAsync(options, sources, TestContext.Current.CancellationToken))
            ended = e as PushEnded ?? ended;
        Assert.True(ended!.Error?.ErrorId is null or "NobodyArrived");
        return ended.Status;
    }
}
