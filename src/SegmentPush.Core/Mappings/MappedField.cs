using System.Runtime.CompilerServices;
using SegmentPush.Mappings.Values;

namespace SegmentPush.Mappings;

/// <summary>One Marketo field of a bound mapping: the column or the constant that fills it, and the values that it takes.</summary>
internal sealed class MappedField
{
    private const int NoColumn = -1;

    private readonly IValueReader _text, _typed;
    private readonly char[] _scratch = new char[IValueReader.ScratchLength];

    private MappedField(string source, TargetField field, int column, IValueReader text, IValueReader typed)
    {
        Source = source;
        Name = field.Name;
        Form = field.Form;
        Column = column;
        _text = text;
        _typed = typed;
    }

    /// <summary>Name of the source column, as the mapping spells it; empty where no column fills the field.</summary>
    public string Source { get; }

    /// <summary>REST API name, as the instance spells it.</summary>
    public string Name { get; }

    /// <summary>The form of its values.</summary>
    public ValueForm Form { get; }

    /// <summary>Number of the source column; -1 where no column fills the field.</summary>
    public int Column { get; }

    /// <summary>The field that finds people.</summary>
    public static MappedField OfIdentity(SegmentMapping entry, TargetField field, int column, ValueRules values) => field.Form == ValueForm.Email
        ? new MappedField(entry.Source, field, column, new LookupAddressReader(), new LookupAddressReader())
        : OfColumn(entry, field, column, values);

    /// <summary>A field that a column fills.</summary>
    public static MappedField OfColumn(SegmentMapping entry, TargetField field, int column, ValueRules values) =>
        new(entry.Source, field, column, ValueReaders.ForText(field, values), ValueReaders.ForTypedValues(field, values));

    /// <summary>A field that gets the same value for each person, in the form that Marketo takes.</summary>
    public static MappedField OfConstant(TargetField field, string value)
    {
        var reader = new ConstantReader(value);
        return new MappedField(string.Empty, field, NoColumn, reader, reader);
    }

    /// <summary>A field that is not sent. Its cells are not even read.</summary>
    public static MappedField NotSent(TargetField field) => OfConstant(field, string.Empty);

    /// <summary>Brings the cell of the current row into the form that Marketo takes.</summary>
    /// <param name="cells">The row's cells.</param>
    /// <param name="value">The value; empty for a blank cell, which leaves the field as it is. Valid until the next call.</param>
    /// <returns>Why the cell can't be this field's value; null where it can.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public ValueFault? Read(RowCells cells, out ReadOnlySpan<char> value) => Column == NoColumn
        ? _text.Read(default, _scratch, out value)
        : Read(cells[Column], cells.IsTyped(Column), out value);

    /// <summary>Brings a text into the form that Marketo takes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isTyped">Whether it was a number, a date or a boolean of the sender's program.</param>
    /// <param name="value">The value; empty for a blank text. Valid until the next call.</param>
    [MethodImpl(EveryRow.Compiled)]
    public ValueFault? Read(ReadOnlySpan<char> text, bool isTyped, out ReadOnlySpan<char> value)
    {
        value = default;
        if (text.IsEmpty || (char.IsWhiteSpace(text[0]) && text.IsWhiteSpace())) return null;
        return (isTyped ? _typed : _text).Read(text, _scratch, out value);
    }
}
