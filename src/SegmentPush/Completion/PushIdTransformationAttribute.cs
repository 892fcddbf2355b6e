using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SegmentPush.Journal;

namespace SegmentPush.Completion;

/// <summary>Lets a push be named by its id, by the last digits of it, by its status, or by the status of one of its people.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PushIdTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return data is IList several ? several.Cast<object?>().Select(TextOf).ToArray() : TextOf(data);
    }

    private static object? TextOf(object? item)
    {
        object? data = item is PSObject { BaseObject: var inner } ? inner : item;
        return data switch
        {
            PushStatus push => push.Id.ToString(),
            PersonStatus person => person.PushId.ToString(),
            int or long => ((IFormattable)data).ToString(null, CultureInfo.InvariantCulture),

            // PowerShell reads digits such as 1234e567 as a number where several ids are listed without quotes.
            IFormattable and not Guid => throw new ArgumentTransformationMetadataException(
                "A number is no id of a push. Put the ids in quotes: -Id '1234e567', '89ab01cd'."),
            Guid id => id.ToString(),
            _ => data,
        };
    }
}
