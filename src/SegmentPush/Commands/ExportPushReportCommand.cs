using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Reports;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Writes a report of a push or a destination: one HTML file that a person reads.</summary>
[Cmdlet(VerbsData.Export, "PushReport", SupportsShouldProcess = true, DefaultParameterSetName = IdSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportPushReportCommand : ModuleCommand
{
    private const string IdSet = "Id", DestinationSet = "Destination", LastSet = "Last";

    private const int MostRejected = 500;

    private static readonly OutputKind s_report = new("report");

    private readonly List<string> _ids = [];
    private readonly List<string> _destinations = [];

    /// <summary>Ids of pushes.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdSet, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [PushIdTransformation]
    [ArgumentCompleter(typeof(PushIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Names of destinations, with or without wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DestinationSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public string[] Destination { get; set; } = [];

    /// <summary>The newest push; with a number behind it, as many of the newest.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LastSet)]
    [BareSwitch]
    public SwitchParameter Last { get; set; }

    /// <summary>How many of the newest pushes.</summary>
    [Parameter(Position = 0, ParameterSetName = LastSet)]
    [WholeNumber]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>File for one report, or folder for several.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string Path { get; set; } = string.Empty;

    /// <summary>Shows identities as they are, which are masked else.</summary>
    [Parameter(ParameterSetName = IdSet)]
    [Parameter(ParameterSetName = LastSet)]
    public SwitchParameter ShowIdentity { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Where the journal is: a folder, or the address of a database.</summary>
    [Parameter]
    [NotBlank]
    [Alias("JournalPath")]
    public string? Journal { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == IdSet) _ids.AddRange(CheckedIds(Id));
        else _destinations.AddRange(Destination);
    }

    private protected override void End()
    {
        var place = OutputPlace.Of(SessionState, Path);
        var text = new ReportText(CultureInfo.CurrentUICulture);
        using var journal = ReadJournal(Journal);
        if (ParameterSetName == DestinationSet)
        {
            string[] names = [.. _destinations.SelectMany(name => FindDestinations(journal, name)).Distinct(StringComparer.OrdinalIgnoreCase)];
            place.CheckTakes(names.Length, "reports");
            foreach (string name in names) RunEach(name, () => WriteDestination(journal, name, place, text));
            return;
        }

        Guid[] ids = ParameterSetName == LastSet
            ? [.. journal.History.Get(new PushFilter { Last = Count }).Select(push => push.Id)]
            : [.. FindIds(journal, [.. _ids]).Distinct()];
        place.CheckTakes(ids.Length, "reports");
        foreach (var id in ids) RunEach(id, () => WritePush(journal, id, place, text));
    }

    private List<string> FindDestinations(PushJournal journal, string name)
    {
        var found = new List<string>();
        RunEach(name, () => found.AddRange(DestinationNames.Matching(journal, name)));
        return found;
    }

    private void WritePush(PushJournal journal, Guid id, OutputPlace place, ReportText text)
    {
        var report = PushReport.Read(journal, journal.History.Get(id), MostRejected, StopToken);
        var file = place.FileFor($"push-{report.Push.ShortId}.html", s_report);
        file.CheckIsNoSource(report.Push.SourceFiles);
        Write(file, $"push {report.Push.ShortId}", now => new PushPage(report, text, ShowIdentity).Write(now));
    }

    private void WriteDestination(PushJournal journal, string name, OutputPlace place, ReportText text)
    {
        var destination = SavedDestinations.Get(journal, name);
        var report = DestinationReport.Read(journal, destination);
        var file = place.FileFor($"destination-{PlainName(name)}.html", s_report);
        file.CheckIsNoSource(SegmentFiles.KeptBy(SessionState, destination));
        Write(file, $"destination '{name}'", now => new DestinationPage(report, text).Write(now));
    }

    private void Write(OutputFile file, MessageText about, Func<DateTimeOffset, string> page)
    {
        file.CheckReplaces(Force);
        if (!ShouldProcess(MessageText.AsIs(file.Path), $"Write the report of {about}")) return;
        file.WriteText(Force, page(TimeProvider.System.GetUtcNow()));
        WriteFile(file.Path);
    }

    // A destination's name may hold characters that a file's name can't.
    private static string PlainName(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
}
