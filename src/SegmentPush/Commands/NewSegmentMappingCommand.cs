using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Mappings;

namespace SegmentPush.Commands;

/// <summary>Makes one entry of a mapping.</summary>
[Cmdlet(VerbsCommon.New, "SegmentMapping")]
[OutputType(typeof(SegmentMapping))]
public sealed class NewSegmentMappingCommand : PSCmdlet
{
    /// <summary>Column or property of the segment.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Source { get; set; } = string.Empty;

    /// <summary>REST API name of the Marketo field.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Target { get; set; } = string.Empty;

    /// <summary>Namespace of the identity that this entry carries.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [AllowNull]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    public string? Identity { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        WriteObject(new SegmentMapping(Source.Trim(), Target.Trim(), string.IsNullOrWhiteSpace(Identity) ? null : Identity.Trim()));
}
