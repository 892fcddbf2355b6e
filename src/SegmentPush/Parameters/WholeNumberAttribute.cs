using System.Globalization;
using System.Management.Automation;

namespace SegmentPush.Parameters;

/// <summary>Refuses a number with decimals. PowerShell itself would round it without a word, which would move a limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        bool isWhole = data switch
        {
            float or double or decimal => IsWhole(Convert.ToDouble(data, CultureInfo.InvariantCulture)),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => IsWhole(number),
            _ => true,
        };
        return isWhole ? data : throw new ArgumentTransformationMetadataException(MessageText.Say("Give a number without decimals."));
    }

    private static bool IsWhole(double number) => number == Math.Truncate(number);
}
