using System.Management.Automation;
using SegmentPush.Parameters;
using SegmentPush.Segments;
using SegmentPush.Segments.Exports;
using SegmentPush.Segments.Nested;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Looks at files of people and shows how they would be read.</summary>
[Cmdlet(VerbsCommon.Get, "SegmentFile", DefaultParameterSetName = FromPath)]
[OutputType(typeof(SegmentFile))]
public sealed class GetSegmentFileCommand : SegmentFileCommand
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    /// <summary>Files or folders, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files or folders, taken as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Number of rows in the sample.</summary>
    [Parameter]
    [WholeNumber]
    [ValidateRange(0, 1000)]
    public int SampleSize { get; set; } = 5;

    private protected override void Process()
    {
        foreach (string path in ParameterSetName == FromPath ? Path : LiteralPath) RunEach(path, () => Look(path));
    }

    private void Look(string path)
    {
        bool isLiteral = ParameterSetName == FromLiteralPath;
        var exports = SegmentFiles.Find(SessionState, isLiteral ? [] : [path], isLiteral ? [path] : [], WriteWarning).Select(found => found.Export).ToArray();
        foreach (var export in Newest ? ExportSearch.Newest(exports, isAsked: true) : exports)
        {
            for (int i = 0; i < export.Files.Count; i++)
            {
                string file = export.Files[i];
                int part = i + 1;
                RunEach(file, () => WriteObject(Describe(file, part, export)));
            }
        }
    }

    private SegmentFile Describe(string path, int part, Export export)
    {
        using var file = FileSource.Open(path, FormOf(mayBeEmpty: true), StopToken);
        return file.Describe(part, export) with { Sample = [.. ReadSample(file)] };
    }

    private IEnumerable<object> ReadSample(FileSource file)
    {
        using var rows = file.OpenReader();
        foreach (var found in SegmentSample.Read(rows, SampleSize, StopToken))
        {
            var row = new PSObject();
            foreach (var (name, value) in found.Values.Where(cell => cell.Key.Length > 0)) row.Properties.Add(new PSNoteProperty(name, value.Length == 0 ? null : value));
            yield return row;
        }
    }
}
