using System.Globalization;
using System.Management.Automation;

namespace SegmentPush.Parameters;

/// <summary>Lets a time of the day be given as one, beside all that PowerShell takes for a moment.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeOfDayTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        if (data is TimeOnly time) return DateTime.MinValue.Add(time.ToTimeSpan());
        if (data is not string text || DateTime.TryParse(text, CultureInfo.CurrentCulture, out _) || DateTime.TryParse(text, CultureInfo.InvariantCulture, out _)) return data;
        throw new ArgumentTransformationMetadataException(MessageText.Say($"'{SafeText.Of(text)}' is no time of the day. Give one such as 02:00."));
    }
}
