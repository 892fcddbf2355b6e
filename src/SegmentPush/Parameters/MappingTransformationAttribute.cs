using System.Collections;
using System.Management.Automation;
using SegmentPush.Mappings;
using SegmentPush.Streams;

namespace SegmentPush.Parameters;

/// <summary>
/// Lets a mapping be given as entries, as a hashtable of source and target, or as objects with these properties, such
/// as the rows of a CSV. A row without target is not mapped.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MappingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var entries = new List<SegmentMapping>();
        Add(entries, inputData);
        return entries.ToArray();
    }

    private static void Add(List<SegmentMapping> entries, object? item)
    {
        object? data = item is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : item;
        switch (data)
        {
            case null:
                break;
            case SegmentMapping entry:
                entries.Add(entry);
                break;
            case IDictionary table when !IsEntry(table.Keys.Cast<object>().Select(key => key.ToString())):
                var pairs = table.Cast<DictionaryEntry>();

                // A hashtable has another order in each process. The mapping must not: it would pass for another one.
                if (table is Hashtable) pairs = pairs.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal);
                foreach (var pair in pairs) entries.Add(Entry(pair.Key, pair.Value, null, null));
                break;
            case IDictionary table:
                var named = new Hashtable(table, StringComparer.OrdinalIgnoreCase);
                entries.Add(Entry(named["Source"], named["Target"], named["Identity"], named["Value"]));
                break;
            case IEnumerable items and not string:
                foreach (object? one in items) Add(entries, one);
                break;
            default:
                var properties = PSObject.AsPSObject(data).Properties;
                if (!IsEntry(properties.Select(property => property.Name))) throw NotAMapping();

                // A table of entries may keep columns that are not mapped.
                if (!string.IsNullOrWhiteSpace(properties["Target"].Value?.ToString()))
                    entries.Add(Entry(properties["Source"]?.Value, properties["Target"].Value, properties["Identity"]?.Value, properties["Value"]?.Value));
                break;
        }
    }

    private static bool IsEntry(IEnumerable<string?> names)
    {
        var set = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return set.Contains("Target") && (set.Contains("Source") || set.Contains("Value"));
    }

    private static SegmentMapping Entry(object? source, object? target, object? identity, object? value)
    {
        try
        {
            return MappingEntry.Of(source, target, identity, value);
        }
        catch (SegmentPushException mistake)
        {
            throw new ArgumentTransformationMetadataException(MessageText.Say($"{mistake.Text} {(MessageText)Forms}"), mistake);
        }
    }

    private static ArgumentTransformationMetadataException NotAMapping() => new(MessageText.Say(Forms));

    private const string Forms =
        "A mapping takes entries of New-SegmentMapping, a hashtable @{ 'source column' = 'marketoField' }, or objects with Source or Value, Target and Identity.";
}
