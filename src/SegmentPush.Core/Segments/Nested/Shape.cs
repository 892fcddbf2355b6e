namespace SegmentPush.Segments.Nested;

/// <summary>
/// What a source of nested objects holds at one place of its rows. A list is transparent: what its elements hold is said of
/// the place of the list.
/// </summary>
/// <param name="Name">The name of the place within its object, as the source spells it; empty for the row itself.</param>
internal sealed record Shape(string Name)
{
    /// <summary>Whether a text, number, date or boolean occurs.</summary>
    public bool HasText { get; init; }

    /// <summary>Whether an object occurs.</summary>
    public bool HasObject { get; init; }

    /// <summary>Whether a list occurs.</summary>
    public bool HasList { get; init; }

    /// <summary>The places within the object, in the order in which the source has them.</summary>
    public IReadOnlyList<Shape> Fields { get; init; } = [];

    /// <summary>What lies under names that <see cref="Fields"/> does not list; null where it lists all names that occur.</summary>
    public Shape? Unlisted { get; init; }

    /// <summary>Whether each of the names that are not listed has an address in it, and is a person's.</summary>
    public bool IsUnlistedPersonal { get; init; }

    /// <summary>Whether consents of addresses stand under names that are not listed, together with the addresses.</summary>
    public bool HasConsentsInNames { get; init; }

    /// <summary>Whether one object has another name that is equal but for case, so that only the exact spelling means this place.</summary>
    public bool IsExact { get; init; }

    /// <summary>Whether a third spelling may mean the same as this one, so that no spelling tells what is meant.</summary>
    public bool IsUnclear { get; init; }

    /// <summary>Whether nothing but null occurs.</summary>
    public bool IsEmpty => !HasText && !HasObject && !HasList;
}
