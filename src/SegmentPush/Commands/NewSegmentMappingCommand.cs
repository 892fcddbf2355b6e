using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Mappings;
using SegmentPush.Mappings.Proposals;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Segments;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Makes one entry of a mapping, or proposes entries for the columns of a file.</summary>
[Cmdlet(VerbsCommon.New, "SegmentMapping", DefaultParameterSetName = OneEntry)]
[OutputType(typeof(SegmentMapping), ParameterSetName = [OneEntry])]
[OutputType(typeof(MappingProposal), ParameterSetName = [Proposals])]
public sealed class NewSegmentMappingCommand : MarketoCommand
{
    private const string OneEntry = "Entry";
    private const string Proposals = "Auto";

    /// <summary>Column or property of the segment.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = OneEntry)]
    [AllowEmptyString]
    [AllowNull]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? Source { get; set; }

    /// <summary>REST API name of the Marketo field.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = OneEntry)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(FieldCompleter))]
    public string Target { get; set; } = string.Empty;

    /// <summary>Namespace of the identity that this entry carries.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = OneEntry)]
    [AllowEmptyString]
    [AllowNull]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    public string? Identity { get; set; }

    /// <summary>A constant that is written for each person, in the place of a column.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = OneEntry)]
    [AllowEmptyString]
    [AllowNull]
    public object? Value { get; set; }

    /// <summary>Proposes entries for the columns of a file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Proposals)]
    public SwitchParameter Auto { get; set; }

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Proposals)]
    [Parameter(ParameterSetName = OneEntry)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string Path { get; set; } = string.Empty;

    /// <summary>Delimiter of the file; found by looking where none is given.</summary>
    [Parameter(ParameterSetName = Proposals)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char? Delimiter { get; set; }

    /// <summary>The connection to the instance whose fields are looked at; the session's default where none is given.</summary>
    [Parameter(ParameterSetName = Proposals)]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == Proposals)
        {
            WriteObject(Propose(), enumerateCollection: true);
            return;
        }

        // A table of entries may keep columns that are not mapped.
        if (MyInvocation.ExpectingInput && string.IsNullOrWhiteSpace(Target) && !string.IsNullOrWhiteSpace(Source))
            WriteVerbose($"'{Source}' has no target, so it is not mapped.");
        else
            WriteObject(Checked(MappingEntry.Of(Source, Target, Identity, Value)));
    }

    // With a file, a column that it does not have is found here and not by the push.
    private SegmentMapping Checked(SegmentMapping entry)
    {
        if (Path.Length == 0 || entry.IsConstant) return entry;
        using var file = OpenFile();
        using var rows = file.OpenReader();
        var mistakes = new MappingMistakes();
        Mappings.Mapping.CheckColumns([entry], file.Form.Columns, rows.FindColumn, $"'{file.Path}'", mistakes);
        mistakes.ThrowIfAny();
        return entry;
    }

    private FileSource OpenFile()
    {
        string path = FilePaths.Resolve(SessionState, Path) is [var only] ? only : throw new SegmentPushException(
            "SeveralFiles", $"'{Path}' stands for several files.", "Give one of them: the files of a segment have the same columns.", Path);
        return FileSource.Open(path, new FormOptions { Delimiter = Delimiter, MayBeEmpty = true }, StopToken);
    }

    private IReadOnlyList<MappingProposal> Propose()
    {
        IReadOnlyList<string> columns;
        using (var file = OpenFile()) columns = file.Form.Columns;
        if ((Connection ?? SessionConnection.Default) is not { } connection)
        {
            WriteWarning("There is no connection to Marketo, so only Adobe's paths and the names of well-known fields were compared. "
                + "Run Connect-MarketoLaunchpoint first for the fields of your instance.");
            return MappingProposer.Propose(columns, null);
        }

        var fields = Await(connection, stop => connection.Facts.DescribeAsync(stop));
        return MappingProposer.Propose(columns, [.. fields.Select(field => new NamedField(field.Name, field.DisplayName, field.Updateable))]);
    }
}
