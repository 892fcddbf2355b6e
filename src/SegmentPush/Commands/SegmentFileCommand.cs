using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Segments;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>What the cmdlets that read files of people have in common: what the user says about the form of the files.</summary>
public abstract class SegmentFileCommand : MarketoCommand
{
    private readonly FileParameters _form = new();

    /// <summary>Delimiter of the files; found by looking where none is given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char? Delimiter { get; set; }

    /// <summary>Encoding of the files; found by looking where none is given.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public string? Encoding { get; set; }

    /// <summary>How the files write a quote inside a quoted cell; found by looking where none is given.</summary>
    [Parameter]
    [AllowNull]
    public CellEscape? Escape
    {
        get => _form.Escape;
        set => _form.Escape = value;
    }

    /// <summary>Texts that mean no value where they stand without quotes.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? NullText { get; set; }

    /// <summary>Takes the newest complete export where there are several.</summary>
    [Parameter]
    public SwitchParameter Newest { get; set; }

    /// <summary>What the user says about the form of the files.</summary>
    /// <param name="mayBeEmpty">Whether a file without rows is a segment without people.</param>
    private protected FormOptions FormOf(bool mayBeEmpty) => _form.ToOptions(Encoding, Delimiter, NullText, mayBeEmpty);

    /// <summary>Whether the newest export is to be taken; null where the user does not say.</summary>
    private protected bool? SaidNewest => IsGiven(nameof(Newest)) ? Newest.IsPresent : null;
}
