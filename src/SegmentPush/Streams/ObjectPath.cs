using System.Collections;
using System.Data;
using System.Management.Automation;
using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Streams;

/// <summary>Finds values of piped objects by names of properties, and by dotted paths through nested objects.</summary>
internal static class ObjectPath
{
    private const string IdentityMap = "IDENTITYMAP";

    /// <summary>Names of an object's properties, of a table's keys, or of the columns that a row of a database has.</summary>
    public static IEnumerable<string> NamesOf(PSObject item) => item.BaseObject switch
    {
        IDictionary table => table.Keys.Cast<object>().Select(key => key.ToString() ?? string.Empty),

        // ItemArray, RowState and the like are no columns.
        DataRow row => item.Properties.Where(property => property.MemberType != PSMemberTypes.Property || row.Table.Columns.Contains(property.Name)).Select(property => property.Name),
        _ => item.Properties.Select(property => property.Name),
    };

    /// <summary>The value of a property; null where there is none, and <see cref="UnreadableValue"/> where it has none to give.</summary>
    public static object? ValueOf(PSObject item, string name)
    {
        if (item.BaseObject is IDictionary table) return table[name];
        try
        {
            return item.Properties[name]?.Value;
        }
        catch (GetValueException)
        {
            return UnreadableValue.Failing;
        }
    }

    /// <summary>Names and values of an object's own properties or keys. What a property of a class would compute is not asked for, but for consents.</summary>
    public static IEnumerable<(string Name, object? Value)> PropertiesOf(PSObject item)
    {
        if (item.BaseObject is IDictionary table)
        {
            foreach (DictionaryEntry entry in table) yield return (entry.Key.ToString() ?? string.Empty, entry.Value);
            yield break;
        }

        foreach (var property in item.Properties)
        {
            if (property is PSNoteProperty note) yield return (note.Name, note.Value);
            else if (ConsentNames.MayBe(property.Name)) yield return (property.Name, ValueOf(item, property.Name));
        }
    }

    /// <summary>Follows a path.</summary>
    /// <param name="item">The object.</param>
    /// <param name="path">Names of properties, from the outermost one on. Of a list the first element counts; of the identities of a namespace, the primary one.</param>
    /// <param name="isThere">Whether the object has the path.</param>
    /// <returns>The value at its end; <see cref="UnreadableValue"/> where a text or a number stands on the way.</returns>
    public static object? Resolve(PSObject item, IReadOnlyList<string> path, out bool isThere)
    {
        object? value = item;
        isThere = true;
        for (int i = 0; i < path.Count; i++)
        {
            if (First(value) is not { } inner)
            {
                isThere = false;
                return IsFilled(value) ? UnreadableValue.BehindText : null;
            }

            string? name = NamesOf(inner).FirstOrDefault(candidate => ColumnNames.Fold(candidate) == ColumnNames.Fold(path[i]));
            if (name is null)
            {
                isThere = false;
                return null;
            }

            value = ValueOf(inner, name);
        }

        bool isNamespace = path.Count == 2 && ColumnNames.Fold(path[0]) == IdentityMap;
        return isNamespace ? IdentityOf(value) : value;
    }

    /// <summary>The paths of an object's memberships: <c>segmentMembership.namespace.segment.status</c>.</summary>
    public static IEnumerable<string> MembershipsOf(PSObject item)
    {
        foreach (var (map, namespaces) in InnerOf(item).Where(at => ColumnNames.Fold(at.Name) == ColumnNames.Fold(SegmentMembership.Map)))
        {
            foreach (var (space, segments) in InnerOf(namespaces))
            {
                foreach (var (segment, membership) in InnerOf(segments))
                {
                    foreach (string status in NamesOf(membership).Where(name => name.Equals("status", StringComparison.OrdinalIgnoreCase))) yield return $"{map}.{space}.{segment}.{status}";
                }
            }
        }
    }

    // Values that are objects themselves.
    private static IEnumerable<(string Name, PSObject Value)> InnerOf(PSObject item) => NamesOf(item)
        .Select(name => (name, ValueOf(item, name) is { } value and not IList ? First(value) : null))
        .Where(at => at.Item2 is not null).Select(at => (at.name, at.Item2!));

    /// <summary>Whether a value is a text, a number or the like, and no object.</summary>
    public static bool IsText(object? value) => PlainOf(value) is string or ValueType;

    /// <summary>Whether a value is one, and not blank.</summary>
    public static bool IsFilled(object? value) => PlainOf(value) is { } plain and (ValueType or string) && !(plain is string text && string.IsNullOrWhiteSpace(text));

    private static object? PlainOf(object? value) => value is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : value;

    private static PSObject? First(object? value)
    {
        object? plain = value is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : value;
        return plain switch
        {
            null or string or ValueType => null,
            IDictionary or PSObject => PSObject.AsPSObject(value),
            IEnumerable items => items.Cast<object?>().FirstOrDefault() is { } first ? PSObject.AsPSObject(first) : null,
            _ => PSObject.AsPSObject(value),
        };
    }

    private static object? IdentityOf(object? identities)
    {
        object? plain = identities is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : identities;
        if (plain is string or ValueType or null) return plain;
        PSObject[] all = plain is IEnumerable items and not IDictionary ? [.. items.Cast<object?>().OfType<object>().Select(PSObject.AsPSObject)] : [PSObject.AsPSObject(plain)];
        var found = all.FirstOrDefault(IsPrimary) ?? all.FirstOrDefault(identity => Id(identity) is not null);
        return found is null ? null : Id(found);

        static object? Id(PSObject identity) => NamesOf(identity).FirstOrDefault(name => name.Equals("id", StringComparison.OrdinalIgnoreCase)) is { } name ? ValueOf(identity, name) : null;

        static bool IsPrimary(PSObject identity) =>
            Id(identity) is not null
            && NamesOf(identity).FirstOrDefault(name => name.Equals("primary", StringComparison.OrdinalIgnoreCase)) is { } name
            && ValueOf(identity, name) is true;
    }
}
