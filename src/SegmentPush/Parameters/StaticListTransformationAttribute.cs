using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SegmentPush.Marketo;

namespace SegmentPush.Parameters;

/// <summary>
/// Lets an object stand where a list is named by text: a list, or something that names its list by a property, such as a push, a member or a row of a table.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StaticListTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] s_ofList = ["StaticListId", "StaticList"];

    // The id of a folder, a push or a person is no id of a list, so these count only in a row of a table without the others.
    private static readonly string[] s_ofRow = ["Id", "Name"];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Unwrap(inputData) switch
    {
        IList { Count: 0 } => string.Empty,
        IList list => list.Cast<object?>().Select(TextOf).ToArray(),
        _ => TextOf(inputData),
    };

    private static object? TextOf(object? given)
    {
        object? data = Unwrap(given);

        // The cmdlet says of an empty text that it names no list.
        if (data is null) return string.Empty;
        if (data is string) return data;
        if (data is StaticList list) return list.Id.ToString(CultureInfo.InvariantCulture);
        if (data is IFormattable number and ValueType) return number.ToString(null, CultureInfo.InvariantCulture);
        var item = PSObject.AsPSObject(given!);
        return Named(item, s_ofList) ?? (IsRowOrList(item) ? Named(item, s_ofRow) : null) ?? throw new ArgumentTransformationMetadataException(
            MessageText.Say("This names no static list. Give its id, its address or its name, or an object with a property StaticListId."));
    }

    private static string? Named(PSObject item, string[] properties) => properties
        .Select(name => Unwrap(item.Properties[name]?.Value))
        .FirstOrDefault(value => value is not null) is { } named ? Convert.ToString(named, CultureInfo.InvariantCulture) : null;

    // What Select-Object or another process has made of one of the module's objects still says what it was.
    private static bool IsRowOrList(PSObject item) => item.BaseObject is PSCustomObject
        && item.TypeNames.Where(name => name.Contains("SegmentPush.", StringComparison.Ordinal)).All(name => name.EndsWith(typeof(StaticList).FullName!, StringComparison.Ordinal));

    private static object? Unwrap(object? data) => data is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : data;
}
