using System.Globalization;
using System.Management.Automation;
using SegmentPush.Marketo;

namespace SegmentPush.Completion;

/// <summary>Lets a list that Get-MarketoStaticList emitted stand where a list is named by text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StaticListTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return data is StaticList list ? list.Id.ToString(CultureInfo.InvariantCulture) : data;
    }
}
