using System.Management.Automation;

namespace SegmentPush.Parameters;

/// <summary>
/// Refuses a number as the value of a switch. PowerShell would take it for true, so that <c>-Last:5</c>, or <c>Last = 5</c> in a hash table, would mean one thing
/// instead of five.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BareSwitchAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is PSObject { BaseObject: int or long or string } or int or long or string
            ? throw new ArgumentTransformationMetadataException(MessageText.Say("Give the number after a space, such as -Last 5, or as -Count; in a hash table give Last = $true and Count = 5."))
            : inputData;
}
