using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Segments.Exports;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Checks whether the next push of a destination would run, without changing anything.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SegmentDestination")]
[OutputType(typeof(CheckResult))]
public sealed partial class TestSegmentDestinationCommand : SegmentFileCommand
{
    private string _target = string.Empty;

    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Files with the segment, with wildcards; without them the checks of the segment are left out.</summary>
    [Parameter(Position = 1)]
    [NotBlank]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    /// <summary>The connection; that of the destination's account, or the session's default, where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    /// <summary>The connection to Experience Platform; that of the destination's account, or the session's default, where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? PlatformConnection { get; set; }

    private protected override void Process()
    {
        foreach (string name in Name)
        {
            RunEach(name, () =>
            {
                foreach (var destination in Find(name)) Test(destination);
            });
        }
    }

    private IEnumerable<SegmentDestination> Find(string name)
    {
        using var journal = ReadJournal(Journal);
        return [.. DestinationNames.Matching(journal, name).Select(found => SavedDestinations.GetUncounted(journal, found))];
    }

    private void Test(SegmentDestination destination)
    {
        _target = destination.Name;
        TestDue(destination);
        TestLastPush(destination);
        MarketoConnection? connection = null;
        bool isRight = Try("Connection", () => Passed("Connection", $"Connected to {(connection = ConnectionFor(destination, Connection)).Instance} as {connection.ApiUser}."))
            && Try("ListAndMapping", () => TestInstance(destination, connection!));
        if (destination.HasAudience) TestAudience(destination);
        using var files = TestFiles(destination);
        if (connection is not null) WriteObject(Await(connection, new LaunchpointChecks(connection).CheckQuotaAsync) with { Target = _target });
        if (isRight && files is not null) Try("Guard", () => TestPlan(destination, connection!, files));
        else Write("Guard", CheckOutcome.Skipped, files is null ? (MessageText)"There is no segment to compare with the list." : "The checks before failed.", files is null ? HowToGiveFiles(destination) : null);
    }

    private void TestDue(SegmentDestination destination)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (DestinationSchedule.StateAt(destination, now) is { } state)
        {
            Write("Due", CheckOutcome.Warning, MessageText.AsIs(NotDue.StatusOf(destination, state, now).Reason!), "A push would do nothing. Change the dates with Set-SegmentDestination if it should.");
            return;
        }

        using var journal = ReadJournal(Journal);
        var answer = DueSegment.Check(journal, destination, SessionState);
        if (answer.Kind == DueKind.Amiss) Write("Due", CheckOutcome.Warning, answer.Reason, "See what makes the export. Invoke-SegmentPush -Destination pushes the files all the same.");
        else Write("Due", CheckOutcome.Passed, answer.Kind == DueKind.Due ? (MessageText)$"A push is due. {answer.Reason}" : $"A push is possible, and not due. {answer.Reason}");
    }

    private void TestLastPush(SegmentDestination destination)
    {
        using var journal = ReadJournal(Journal);
        var last = journal.History.Get(new PushFilter { Destinations = [destination.Name], Last = 1 }) is [var push] ? push : null;
        var what = last is null ? "There was no push yet; the first one reads the list."
            : last.Reason is null ? (MessageText)$"The push {last.ShortId} of {last.Started.LocalDateTime:yyyy-MM-dd HH:mm}: {last.State}."
            : $"The push {last.ShortId} of {last.Started.LocalDateTime:yyyy-MM-dd HH:mm}: {last.State}. {last.Reason}";
        switch (last?.State)
        {
            case PushState.Running:
                Write("LastPush", CheckOutcome.Warning, what, "The next push waits for it, or ends with an error; -WaitForList says how long.");
                break;
            case PushState.Interrupted when last.UndoOf is { } undone:
                Write("LastPush", CheckOutcome.Warning, what, $"Run Undo-SegmentPush -Id {PushIds.Short(undone)} again.");
                break;
            case PushState.Interrupted:
                Write("LastPush", CheckOutcome.Warning, what, $"Resume-SegmentPush -Id {last.ShortId} finishes it.");
                break;
            case PushState.Failed:
                Write("LastPush", CheckOutcome.Warning, what, "See that its reason is gone.");
                break;
            default:
                Write("LastPush", CheckOutcome.Passed, what);
                break;
        }
    }

    // Fields, identity, partition, list, and the permission to write.
    private void TestInstance(SegmentDestination destination, MarketoConnection connection)
    {
        var found = Await(connection, stop => DestinationCheck.CheckedAsync(destination, connection, stop));
        if (found.StaticListName == destination.StaticListName)
        {
            Passed("ListAndMapping", $"The static list '{found.StaticListName}' can be written to, and the instance has every mapped field.");
            return;
        }

        Write("ListAndMapping", CheckOutcome.Warning, $"The static list is called '{found.StaticListName}' now, and was '{destination.StaticListName}'. It is found by its id.", null);
    }

    private SegmentFiles? TestFiles(SegmentDestination destination)
    {
        var path = Path.Length > 0 ? Path : destination.Path;
        if (path.Count == 0)
        {
            if (!destination.HasAudience) Write("File", CheckOutcome.Skipped, "No file was named.", HowToGiveFiles(destination));
            return null;
        }

        SegmentFiles? files = null;
        bool isRight = Try("File", () =>
        {
            var newest = SegmentFiles.NewestOf(SaidNewest, destination);
            files = SegmentFiles.Open(SegmentFiles.Find(SessionState, path, [], WriteWarning), FormOf(mayBeEmpty: true).Or(destination), newest, WriteWarning, StopToken);
            Passed("File", $"{MessageText.Join("; ", files.Sources.Select(source => (MessageText)$"{source.Name}: {source.FormDescription}"))}.");
        });
        if (isRight && Try("Columns", () => TestColumns(destination, files!))) return files;
        files?.Dispose();
        return null;
    }

    private static MessageText HowToGiveFiles(SegmentDestination destination) => destination.HasAudience
        ? (MessageText)"Nobody is exported for a check. Save-PlatformAudience exports the audience; give its files with -Path."
        : "Give -Path, or keep files with the destination: Set-SegmentDestination -Path.";

    private void TestColumns(SegmentDestination destination, SegmentFiles files)
    {
        MappingCheck.Run(destination.Mapping, files.Sources);
        if (destination.Mode.ReadsMembership)
        {
            foreach (var source in files.Sources.Where(source => !source.IsEmpty))
                SegmentMembership.FindColumn(destination.MembershipColumn, source.Reader.Columns, source.FindColumn, source.Description);
        }

        Passed("Columns", MessageText.Plural(
            files.Sources.Count,
            $"{files.Sources.Count:N0} file has every column that the mapping reads.",
            $"{files.Sources.Count:N0} files have every column that the mapping reads."));
    }

    private void TestPlan(SegmentDestination destination, MarketoConnection connection, SegmentFiles files)
    {
        var options = OptionsFor(destination, connection);
        var plan = Await(connection, stop => Task.Run(() => PushPlanner.PlanAsync(options, files.Take(), stop, null), stop));
        MessageText what = $"The push would add {Counted.People(plan.WouldAdd)}, take {Counted.Number(plan.WouldRemove)} off, create {Counted.Number(plan.WouldCreate)}, reject {Counted.Rows(plan.WouldReject)}, and make {Counted.Calls(plan.Calls)}.";
        if ((plan.GuardReason ?? plan.ArrivalReason) is { } why)
        {
            Write("Guard", CheckOutcome.Failed, $"{why} {what}", "Look at the export, and at the plan: Invoke-SegmentPush -Destination ... -WhatIf -Detailed.");
            return;
        }

        Passed("Guard", what);
    }

    private PushOptions OptionsFor(SegmentDestination destination, MarketoConnection connection) => new()
    {
        Connection = connection,
        StaticList = StaticListReference.Of(destination.StaticListId, destination.StaticListName),
        Mapping = destination.Mapping,
        PersonCreation = destination.PersonCreation,
        ExistingPeople = destination.ExistingPeople,
        Delivery = destination.Delivery,
        Bulk = BulkOptions.FromEnvironment(),
        Partition = destination.Partition,
        Journal = JournalOf(Journal),
        MaxRejectPercent = destination.MaxRejectPercent,
        Destination = new DestinationOptions(destination) { Verify = destination.Mode.TakesOffAbsent },
    };

    private bool Try(string check, Action test)
    {
        try
        {
            test();
            return true;
        }
        catch (SegmentPushException error)
        {
            WriteObject(CheckResult.Of(_target, check, error));
            return false;
        }
    }

    private void Passed(string check, MessageText detail) => Write(check, CheckOutcome.Passed, detail);

    private void Write(string check, CheckOutcome outcome, MessageText detail, MessageText? action = null) =>
        WriteObject(new CheckResult { Target = _target, Check = check, Outcome = outcome, Detail = detail.ToString(), Action = action?.ToString() });
}
