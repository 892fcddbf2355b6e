using System.Management.Automation;
using SegmentPush.Platform;

namespace SegmentPush.Parameters;

/// <summary>Says of a connection that was handed to another process, such as a job's, how to connect there. PowerShell would say that it can't be converted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LiveConnectionAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is not PSObject copy || !copy.TypeNames.Any(name => name.StartsWith("Deserialized.SegmentPush.", StringComparison.Ordinal))) return inputData;
        bool isPlatform = copy.TypeNames.Any(name => name.EndsWith(nameof(PlatformConnection), StringComparison.Ordinal));
        throw new ArgumentTransformationMetadataException(MessageText.Say(isPlatform
            ? (MessageText)"A connection belongs to the process that made it. Save it with Connect-ExperiencePlatform -SaveAs, and connect in the other process with -Account."
            : "A connection belongs to the process that made it. Save it with Connect-MarketoLaunchpoint -SaveAs, and connect in the other process with -Account."));
    }
}
