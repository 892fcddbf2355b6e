using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>A place in the rows on the way to values that are to be read.</summary>
/// <param name="key">Its name; null for the row itself and for an element of a list.</param>
internal sealed class JsonTarget(KeyName? key)
{
    public KeyName? Key => key;

    /// <summary>The cell for the value at this place; -1 for none.</summary>
    public int Cell { get; set; } = -1;

    /// <summary>The cell for one of the identities at this place; -1 for none.</summary>
    public int IdentityCell { get; set; } = -1;

    /// <summary>The namespace of that identity; null for any.</summary>
    public KeyName? Namespace { get; set; }

    /// <summary>The cell for the consents of the addresses at this place; -1 for none.</summary>
    public int ConsentCell { get; set; } = -1;

    /// <summary>A cell for a value at this place or below it.</summary>
    public int AnyCell { get; init; }

    /// <summary>The places within the object.</summary>
    public List<JsonTarget> Fields { get; } = [];

    /// <summary>Elements of the list that are asked for by their number.</summary>
    public List<(int Index, JsonTarget Target)> Elements { get; } = [];

    /// <summary>The object in which the place was seen last.</summary>
    public long Object { get; set; }

    /// <summary>Whether only elements are asked for, so that the place must hold a list. An element that is no list itself has none.</summary>
    public bool IsList => Elements.Count > 0 && Fields.Count == 0 && key is not null;

    /// <summary>Whether only values within the place are asked for. An identity may be a text instead of an object.</summary>
    public bool LeadsOn => (Fields.Count > 0 || IsList) && IdentityCell < 0;

    /// <summary>Whether every element of a list at this place is asked for.</summary>
    public bool TakesEach => Cell >= 0 || Fields.Count > 0;
}
