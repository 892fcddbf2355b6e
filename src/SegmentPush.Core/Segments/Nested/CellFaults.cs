namespace SegmentPush.Segments.Nested;

/// <summary>What can be wrong with the value at a mapped place of a row.</summary>
internal sealed class CellFaults
{
    /// <summary>Prepares the faults of a place.</summary>
    /// <param name="name">The place, as the mapping names it.</param>
    public CellFaults(string name)
    {
        string shown = $"'{VisibleText.Of(name)}'";
        IsObject = new RowFault(
            "ValueNotText", $"{shown} holds an object; map one of the object's fields, which holds a text, number, date or boolean.");
        IsSeveral = new RowFault(
            "ValueNotText", $"{shown} holds a list of several values; map one of them, such as '{VisibleText.Of(name)}[0]' for the first.");
        IsSingle = new RowFault(
            "ValueNotText", $"{shown} leads into an object or a list, but the row has another value in its place; export all rows in one form.");
        IsTwice = new RowFault("DuplicateProperty", $"The row's object has the property of {shown} more than once; leave one.");
        IsInvalid = new RowFault("InvalidEncoding", $"{shown} is not valid Unicode text; correct it where the export was made.");
        HasNul = new RowFault("NulCharacter", $"{shown} holds a NUL character; export the data again, or take the character out.");
        IsOutOfRange = new RowFault("ValueOutOfRange", $"{shown} holds a date outside the years 1 to 9999; correct it where the export was made.");
        IsInfinite = new RowFault("ValueOutOfRange", $"{shown} holds an infinite number; correct it where the export was made.");
    }

    /// <summary>An object, where one value must be.</summary>
    public RowFault IsObject { get; }

    /// <summary>Several values, where one must be.</summary>
    public RowFault IsSeveral { get; }

    /// <summary>Something else where an object or a list must be.</summary>
    public RowFault IsSingle { get; }

    /// <summary>The same property twice in one object.</summary>
    public RowFault IsTwice { get; }

    /// <summary>Bytes that are no text.</summary>
    public RowFault IsInvalid { get; }

    /// <summary>A NUL character.</summary>
    public RowFault HasNul { get; }

    /// <summary>A date that no calendar of ours has.</summary>
    public RowFault IsOutOfRange { get; }

    /// <summary>A number without an end.</summary>
    public RowFault IsInfinite { get; }
}
