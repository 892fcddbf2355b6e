using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SegmentPush.Journal;

namespace SegmentPush.Parameters;

/// <summary>
/// Lets a push be named by its id, by the last digits of it, by its status, by the status of one of its people, or by a row of a table with one of these ids.
/// Another object has an id that is no push's, such as that of a person or a list, so that it names none.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PushIdTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Unwrap(inputData) is IList several ? several.Cast<object?>().Select(TextOf).ToArray() : TextOf(inputData);

    private static object? TextOf(object? item) => Unwrap(item) switch
    {
        null or string => Unwrap(item),
        Guid id => id.ToString(),
        PushStatus push => push.Id.ToString(),
        PersonStatus person => person.PushId.ToString(),
        ValueType and IFormattable number => TextOf(number, item),
        _ => TextOf(PSObject.AsPSObject(item!)),
    };

    // PowerShell reads digits such as 1234e567 as a number, and keeps how a single argument was written.
    private static string TextOf(IFormattable number, object? item)
    {
        string written = number.ToString(null, CultureInfo.InvariantCulture);
        string typed = item is PSObject ? item.ToString()! : written;
        if (typed != written && IsShort(typed)) return typed;
        return number is int or long && written.Length >= PushIds.ShortLength ? written : MessageText.Say($"the number {written}");
    }

    private static string TextOf(PSObject item)
    {
        if (item.Properties["PushId"]?.Value is { } push && IsWhole(push)) return push.ToString()!;
        if (item.Properties["Id"]?.Value is { } id && IsWhole(id)) return id.ToString()!;
        if (item.Properties["ShortId"]?.Value is { } end && IsShort(end.ToString()!)) return end.ToString()!;

        // The cmdlet says of this text that it is no id.
        return item.BaseObject is PSCustomObject ? MessageText.Say("an object without the id of a push") : MessageText.Say($"an object of the type {item.BaseObject.GetType().Name}");
    }

    private static bool IsWhole(object id) => Guid.TryParse(id.ToString(), out _);

    private static bool IsShort(string text) => text.Length >= PushIds.MinLength && text.All(char.IsAsciiHexDigit);

    private static object? Unwrap(object? data) => data is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : data;
}
