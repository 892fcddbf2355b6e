namespace SegmentPush.Mappings;

/// <summary>The form that a field's values have on the wire.</summary>
internal enum ValueForm
{
    Text,
    LongText,
    Email,
    Phone,
    Date,
    DateTime,
    Integer,
    Number,
    Boolean,
}
