using System.Management.Automation;

namespace SegmentPush.Completion;

/// <summary>Lets a time of the day be given as one, beside all that PowerShell takes for a moment.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeOfDayTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return data is TimeOnly time ? DateTime.MinValue.Add(time.ToTimeSpan()) : data;
    }
}
