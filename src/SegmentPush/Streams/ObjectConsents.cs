using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using SegmentPush.Mappings;
using SegmentPush.Segments;
using SegmentPush.Segments.Json;

namespace SegmentPush.Streams;

/// <summary>Finds the consents of piped objects, each by itself: later objects may have them in other places than the first ones.</summary>
internal sealed class ObjectConsents
{
    // PowerShell takes as long to list the properties of an object as everything else of it takes. Properties are listed of the first objects, and of a later
    // one now and then, as the objects of a second file all have its columns. Of all others the names are asked for that Experience Platform and the objects
    // before have given to consents.
    private const int ListedFirst = 1_000, ListedEvery = 64;

    // Deeper objects are not looked into, nor are all elements of a list.
    private const int MaxDepth = 6, ElementsMost = 8;

    private readonly HashSet<string> _names = new(
        [ConsentNames.All, .. EmailConsent.Paths, .. EmailConsent.Paths.Select(path => path.Replace('.', '_'))], StringComparer.OrdinalIgnoreCase);

    private long _objects;

    /// <summary>Reads an object's consents as if it stood in a JSON file.</summary>
    /// <param name="item">The object.</param>
    /// <returns>Null where it has none.</returns>
    /// <exception cref="SegmentPushException">They can't be read (<c>ConsentNotUnderstood</c>), or stand in two places (<c>SourceColumnAmbiguous</c>).</exception>
    public JsonObjectConsents? Read(PSObject item)
    {
        List<(string Name, object Value)>? found = null;
        bool isListed = _objects++ is var before && (before < ListedFirst || before % ListedEvery == 0 || item.BaseObject is IDictionary);
        foreach (var (name, value) in isListed ? ObjectPath.PropertiesOf(item) : Asked(item))
        {
            if (value is null || !MayHold(name, value)) continue;
            if (value is UnreadableValue unreadable) return new JsonObjectConsents("", "", "", new RowFault("ValueNotText", MessageText.AsIs(unreadable.FaultOf(name))));
            (found ??= []).Add((name, value));
        }

        if (found is null) return null;
        foreach (var (name, _) in found) _names.Add(name);
        ConsentNames.Refuse([.. found.Where(at => ObjectPath.IsFilled(at.Value)).Select(at => at.Name)]);
        return JsonObjectConsents.Read(JsonOf(found));
    }

    private IEnumerable<(string Name, object? Value)> Asked(PSObject item)
    {
        foreach (string name in _names)
        {
            if (item.Properties[name] is { } property) yield return (property.Name, ObjectPath.ValueOf(item, name));
        }
    }

    private static bool MayHold(string name, object value) => ObjectPath.IsText(value)
        ? ConsentNames.MayBe(name) && ObjectPath.IsFilled(value)
        : ConsentNames.MayBe(name) || HoldConsents(value, 1);

    private static bool HoldConsents(object value, int depth)
    {
        object plain = value is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : value;
        if (plain is string or ValueType || depth > MaxDepth) return false;
        if (plain is IEnumerable items and not IDictionary) return items.Cast<object?>().Take(ElementsMost).Any(element => element is not null && HoldConsents(element, depth + 1));
        return plain is IDictionary or PSObject
            && ObjectPath.PropertiesOf(PSObject.AsPSObject(value)).Any(at => ConsentNames.MayBe(at.Name) || (at.Value is not null && HoldConsents(at.Value, depth + 1)));
    }

    private static ReadOnlySpan<byte> JsonOf(List<(string Name, object Value)> properties)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            foreach (var (name, value) in properties)
            {
                json.WritePropertyName(name);
                ObjectJson.Write(json, value);
            }

            json.WriteEndObject();
        }

        return text.GetBuffer().AsSpan(0, (int)text.Length);
    }
}
