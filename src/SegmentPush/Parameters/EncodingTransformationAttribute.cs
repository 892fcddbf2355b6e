using System.Management.Automation;
using System.Text;

namespace SegmentPush.Parameters;

/// <summary>Lets an encoding be given as <c>Import-Csv -Encoding</c> takes it: by name, by code page, or as an object.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return data switch
        {
            Encoding encoding => encoding.CodePage.ToString(System.Globalization.CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            _ => data,
        };
    }
}
