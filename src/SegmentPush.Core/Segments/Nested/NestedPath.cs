namespace SegmentPush.Segments.Nested;

/// <summary>One step of a path: to a field of an object, or to an element of a list.</summary>
/// <param name="Key">The field's name; empty for a step to an element.</param>
/// <param name="IsExact">Whether only this spelling of the name is meant.</param>
/// <param name="Index">The element's number, from 0; -1 for a step to a field.</param>
/// <param name="IsUnclear">Whether the name's other spellings may mean the same field.</param>
internal readonly record struct PathStep(string Key, bool IsExact, int Index, bool IsUnclear = false)
{
    /// <summary>A step to a field.</summary>
    public static PathStep To(Shape field) => new(field.Name, field.IsExact, -1, field.IsUnclear);

    /// <summary>A step to a field that the source does not list.</summary>
    public static PathStep To(string key) => new(key, IsExact: false, -1);

    /// <summary>A step to an element.</summary>
    public static PathStep At(int index) => new("", IsExact: true, index);
}

/// <summary>Where in a row of nested objects a value lies.</summary>
/// <param name="Steps">The steps from the row to the value.</param>
/// <param name="Identities">How to choose where the value is one of a list of identities; null where it is none.</param>
internal sealed record NestedPath(IReadOnlyList<PathStep> Steps, IdentityChoice? Identities = null)
{
    /// <summary>Whether another path leads to the same value.</summary>
    public bool IsSameAs(NestedPath other) => Identities == other.Identities && Steps.SequenceEqual(other.Steps);
}

/// <summary>
/// The choice of an identity from a list of objects with <c>id</c>, <c>primary</c> and, where the list holds several namespaces,
/// <c>namespace.code</c>: the primary one, else the first one that has an id.
/// </summary>
/// <param name="Namespace">The namespace to choose from; null where the list holds one only.</param>
/// <param name="IsOfAll">Whether all are chosen, one on each line, the primary one first.</param>
internal sealed record IdentityChoice(string? Namespace, bool IsOfAll = false);
