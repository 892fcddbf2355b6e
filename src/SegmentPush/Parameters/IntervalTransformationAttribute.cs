using System.Globalization;
using System.Management.Automation;

namespace SegmentPush.Parameters;

/// <summary>Lets a time between two starts be given as <c>30m</c> or <c>2h</c>. A bare number is refused: PowerShell would take it for days or for 100 ns.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IntervalTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return data switch
        {
            TimeSpan or null => data,
            string { Length: > 1 } text when Number(text) is { } number && text[^1] is 'm' or 'M' => TimeSpan.FromMinutes(Number(text)!.Value),
            string { Length: > 1 } text when Number(text) is { } number && text[^1] is 'h' or 'H' => TimeSpan.FromHours(Number(text)!.Value),
            string text when text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) => span,
            _ => throw new ArgumentTransformationMetadataException(MessageText.Say("Give a time such as 15m, 1h or 02:00:00.")),
        };
    }

    private static double? Number(string text) =>
        double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
}
