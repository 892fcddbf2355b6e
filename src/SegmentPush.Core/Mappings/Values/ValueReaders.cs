using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>Makes the reader for a field's values.</summary>
internal static class ValueReaders
{
    /// <summary>Reads values that are written as text, in the culture that the user named.</summary>
    public static IValueReader ForText(TargetField field, ValueRules values) => Make(field, values, values.Culture, isTyped: false);

    /// <summary>Reads numbers, dates and booleans of a program, which are in ISO and invariant forms in every culture.</summary>
    public static IValueReader ForTypedValues(TargetField field, ValueRules values) => Make(field, values, culture: null, isTyped: true);

    private static IValueReader Make(TargetField field, ValueRules values, CultureInfo? culture, bool isTyped) => field.Form switch
    {
        ValueForm.Email => new AddressReader(),
        ValueForm.Date => new DateReader(field.Name, culture),
        ValueForm.DateTime => new MomentReader(field.Name, values.TimeZone, culture),
        ValueForm.Integer => new IntegerReader(field.Name, culture, isTyped),
        ValueForm.Number => new NumberReader(field.Name, culture, isTyped, values.IsPointUnclear),
        ValueForm.Boolean => new BooleanReader(field.Name, culture),
        ValueForm.LongText => new LongTextReader(field.Name, field.Length),
        ValueForm.Phone => new PhoneReader(field.Name, field.Length),
        _ => new TextReader(field.Name, field.Length),
    };
}
