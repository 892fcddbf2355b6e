using System.Globalization;
using System.Management.Automation;

namespace SegmentPush.Parameters;

/// <summary>Lets a time span be given as a bare number, which is of seconds. PowerShell itself would take 100 ns for a number, and days for a text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return data switch
        {
            byte or short or int or long or float or double or decimal => Span(Convert.ToDouble(data, CultureInfo.InvariantCulture)),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) => Span(seconds),
            string text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? Span(span.TotalSeconds) : throw Refused(),
            TimeSpan span => Span(span.TotalSeconds),
            _ => data,
        };
    }

    private static TimeSpan Span(double seconds) => seconds >= 0 && seconds <= TimeSpan.MaxValue.TotalSeconds / 2
        ? TimeSpan.FromSeconds(seconds)
        : throw Refused();

    private static ArgumentTransformationMetadataException Refused() =>
        new(MessageText.Say("Give a time of 0 or more: a number of seconds, such as 90, or a time span, such as '00:01:30'."));
}
