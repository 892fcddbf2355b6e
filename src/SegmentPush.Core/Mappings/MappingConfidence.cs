namespace SegmentPush.Mappings;

/// <summary>How sure it is that a proposed field is the right one for a column.</summary>
public enum MappingConfidence
{
    /// <summary>No field is proposed.</summary>
    None = 0,

    /// <summary>The last part of the column's name is the name of the field. Look at it.</summary>
    Low = 1,

    /// <summary>The column is named as the field's label, or as the field but for blanks and signs.</summary>
    Medium = 2,

    /// <summary>Adobe itself maps this path to the field, or the column has the field's REST API name.</summary>
    High = 3,
}
