using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SegmentPush.Marketo;

namespace SegmentPush.Completion;

/// <summary>
/// Lets an object stand where a list is named by text: a list, or something that names its list by a property, such as a push, a member or a row of a table.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StaticListTransformationAttribute : ArgumentTransformationAttribute
{
    // The id of a push or of a person is no id of a list, so Id counts only where nothing else is there.
    private static readonly string[] s_properties = ["StaticListId", "StaticList", "Id", "Name"];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Unwrap(inputData) is IList { Count: > 0 } list ? list.Cast<object?>().Select(TextOf).ToArray() : TextOf(inputData);

    private static object? TextOf(object? given)
    {
        object? data = Unwrap(given);
        if (data is null or string) return data;
        if (data is StaticList list) return list.Id.ToString(CultureInfo.InvariantCulture);
        if (data is IFormattable number and ValueType) return number.ToString(null, CultureInfo.InvariantCulture);
        var properties = PSObject.AsPSObject(given!).Properties;
        object? named = s_properties.Select(name => Unwrap(properties[name]?.Value)).FirstOrDefault(value => value is not null);
        return named is null ? data : Convert.ToString(named, CultureInfo.InvariantCulture);
    }

    private static object? Unwrap(object? data) => data is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : data;
}
