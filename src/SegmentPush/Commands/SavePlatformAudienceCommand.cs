using System.Collections.Concurrent;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Mappings;
using SegmentPush.Parameters;
using SegmentPush.Platform;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Exports an audience of Experience Platform into files of this machine.</summary>
[Cmdlet(VerbsData.Save, "PlatformAudience", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SavePlatformAudienceCommand : PlatformCommand
{
    private static readonly OutputKind s_csv = new("export");

    /// <summary>Name or id of the audience.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    [AudienceTransformation]
    [ArgumentCompleter(typeof(AudienceCompleter))]
    public string Audience { get; set; } = string.Empty;

    /// <summary>Folder for the Parquet files, or a file that ends with .csv.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string Path { get; set; } = string.Empty;

    /// <summary>Paths of the fields of the profile.</summary>
    [Parameter]
    [NotBlank]
    public string[]? Field { get; set; }

    /// <summary>A mapping whose sources are the fields.</summary>
    [Parameter]
    [NotBlank]
    [MappingTransformation]
    public SegmentMapping[]? Mapping { get; set; }

    /// <summary>Id of the dataflow of a file destination into the Data Landing Zone.</summary>
    [Parameter]
    [NotBlank]
    public string? Through { get; set; }

    /// <summary>Exports without asking whether a data usage policy forbids emails to these people.</summary>
    [Parameter]
    public SwitchParameter SkipPolicyCheck { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter]
    [LiveConnection]
    public PlatformConnection? Connection { get; set; }

    private protected override void Process()
    {
        var connection = ConnectionOr(Connection);
        string[]? paths = Paths();
        string target = FilePaths.OutputPath(SessionState, Path);
        bool isCsv = target.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(target);
        CheckChoice(isCsv, paths, target);
        IReadOnlyList<string> fields = paths is null ? [] : AudienceFields.Of(paths, isForPush: Mapping is not null && !isCsv);
        var audience = Await(connection, stop => AudienceReference.ResolveAsync(connection.Audiences, Audience, stop));
        if (isCsv) OutputFile.At(target, s_csv).CheckReplaces(Force);
        var what = Through is not null ? (MessageText)$"through the dataflow {Through}" : fields.Count == 0 ? (MessageText)"all fields" : $"fields {string.Join(", ", fields)}";
        if (!ShouldProcess($"audience '{audience.Name}' ({audience.Id}), {what}", $"Export into '{target}'")) return;

        if (SkipPolicyCheck) WriteWarning(PolicySkip.Describe(audience.Name, audience.Labels));
        var progress = new ConcurrentQueue<ExportProgress>();
        var options = new AudienceExportOptions(audience, fields) { SkipPolicyCheck = SkipPolicyCheck, Progress = progress.Enqueue };
        if (PollInterval.FromEnvironment() is { } first) options = options with { FirstPoll = first };
        using IAudienceExport export = Through is null ? new AudienceExport(connection, options) : new DestinationExport(connection, options, Through.Trim());
        var save = new AudienceSave(export, audience);
        var files = Watch(connection, progress, audience.Name, stop => SaveAsync(save, isCsv, target, paths, stop));
        foreach (string file in files) WriteFile(file);
        if (save.Missing > 0)
            WriteWarning($"Experience Platform says that the export holds more people than its files do: {Counted.People(save.Missing)} are missing. Export the audience once more.");
        if (save.BlankRows > 0)
            WriteWarning($"{Counted.Profiles(save.BlankRows)} without a value in any of the fields left blank rows in the file, and programs that read CSV leave blank rows out. Name a field that every profile has, so that they count.");
        if (files.Count == 0) WriteWarning($"Nobody is in the audience '{audience.Name}' at present, so no file was written.");
    }

    private async Task<IReadOnlyList<string>> SaveAsync(AudienceSave save, bool isCsv, string target, string[]? paths, CancellationToken stop)
    {
        if (!isCsv) return await save.ToFolderAsync(target, Force, stop).ConfigureAwait(false);
        await save.ToCsvAsync(OutputFile.At(target, s_csv), paths!, Force, stop).ConfigureAwait(false);
        return [target];
    }

    private string[]? Paths() => Field ?? Mapping?.Where(entry => !entry.IsConstant).Select(entry => entry.Source).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();

    private void CheckChoice(bool isCsv, string[]? paths, string target)
    {
        if (Field is not null && Mapping is not null)
            throw new SegmentPushException("FieldsAmbiguous", "-Field and -Mapping both name fields.", "Give one of them.");
        if (Through is not null && (paths is not null || isCsv || SkipPolicyCheck))
        {
            throw new SegmentPushException(
                "ThroughNotSuitable",
                "With -Through the destination says which fields the files have, and Adobe's own checks apply.",
                "Give a folder with -Path, and none of -Field, -Mapping and -SkipPolicyCheck.");
        }

        if (isCsv && paths is null)
        {
            throw new SegmentPushException(
                "FieldsMissing", "A CSV file needs the names of its columns.", "Name the fields with -Field or -Mapping, or give a folder for the Parquet files.");
        }

        if (!isCsv && !OutputFile.IsFolder(target))
        {
            throw new SegmentPushException(
                "PathNotSuitable",
                $"'{target}' is neither a folder nor a file that ends with .csv.",
                "Give a folder for the Parquet files, or a file that ends with .csv.",
                target);
        }
    }

    // The job takes minutes: calls and progress are shown while it runs.
    private T Watch<T>(PlatformConnection connection, ConcurrentQueue<ExportProgress> progress, string name, Func<CancellationToken, Task<T>> work)
    {
        var record = CmdletTexts.Progress(1, $"Exporting the audience '{name}'", "Starting");
        ExportProgress? last = null;
        try
        {
            return Await(connection, stop => Task.Run(() => work(stop), stop), Show);
        }
        finally
        {
            record.RecordType = ProgressRecordType.Completed;
            WriteProgress(record);
        }

        void Show()
        {
            // Written also where nothing has changed: a host that draws a few times a second leaves out what follows too soon.
            while (progress.TryDequeue(out var next)) last = next;
            if (last is not null) record.StatusDescription = ExportText.Of(last).ToString();
            record.PercentComplete = last?.Bytes > 0 ? (int)(100 * last.Fetched / last.Bytes) : -1;
            WriteProgress(record);
        }
    }
}
