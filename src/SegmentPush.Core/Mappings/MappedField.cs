using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace SegmentPush.Mappings;

/// <summary>One Marketo field of a bound mapping: which column fills it, and which values it takes.</summary>
internal sealed class MappedField
{
    private readonly int? _maxLength;

    public MappedField(SegmentMapping entry, TargetField field, int column)
    {
        Source = entry.Source;
        Name = field.Name;
        Column = column;
        IsCompanyField = field.IsCompanyField;
        Form = field.Form;
        _maxLength = field.Length;
    }

    public string Source { get; }

    /// <summary>REST API name, as the instance spells it.</summary>
    public string Name { get; }

    public int Column { get; }

    public ValueForm Form { get; }

    public bool IsCompanyField { get; }

    /// <summary>Brings a cell into the form Marketo takes.</summary>
    /// <param name="cell">The cell as read.</param>
    /// <param name="value">Its canonical text, invariant; empty for an empty cell, which leaves the field as it is.</param>
    /// <returns>Why the cell can't be this field's value, or null.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public Rejection? Parse(ReadOnlySpan<char> cell, out ReadOnlySpan<char> value)
    {
        value = default;
        if (cell.IsEmpty) return null;

        switch (Form)
        {
            case ValueForm.Text:
                if (cell.Length > _maxLength)
                    return Reject("TextTooLong", $"Field '{Name}' takes up to {_maxLength} characters; shorten the text.", cell);
                value = cell;
                return null;

            case ValueForm.Email:
                var address = cell.Trim();
                if (address.IsEmpty) return null;
                if (EmailAddress.Check(address) is var (code, reason))
                    return Reject(code, reason, cell);
                value = address;
                return null;

            case ValueForm.LongText:
                // Marketo counts the bytes of this type.
                if (Encoding.UTF8.GetByteCount(cell) > _maxLength)
                    return Reject("TextTooLong", $"Field '{Name}' takes up to {_maxLength} bytes; shorten the text.", cell);
                value = cell;
                return null;

            default:
                return ParseLiteral(cell.Trim(), cell, out value);
        }
    }

    // By itself, so that the usual fields are compiled quickly.
    private Rejection? ParseLiteral(ReadOnlySpan<char> trimmed, ReadOnlySpan<char> cell, out ReadOnlySpan<char> value)
    {
        value = default;
        if (trimmed.IsEmpty) return null;
        switch (Form)
        {
            case ValueForm.Date:
                if (!DateOnly.TryParseExact(trimmed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                    return Reject("NotADate", $"Field '{Name}' is a date; write it as 2026-01-31.", cell);
                value = trimmed;
                return null;

            case ValueForm.DateTime:
                if (!IsoDateTime.IsValid(trimmed))
                    return Reject("NotADateTime", $"Field '{Name}' is a date and time; write it as 2026-01-31T14:05:00Z.", cell);
                value = trimmed;
                return null;

            case ValueForm.Integer:
                if (!int.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int integer))
                    return Reject("NotAnInteger", $"Field '{Name}' is a whole number from -2147483648 to 2147483647; write digits only.", cell);
                value = integer.ToString(CultureInfo.InvariantCulture);
                return null;

            case ValueForm.Number:
                const NumberStyles Invariant =
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                if (!decimal.TryParse(trimmed, Invariant, CultureInfo.InvariantCulture, out decimal number))
                    return Reject("NotANumber", $"Field '{Name}' is a number; write it as 1234.5, with a point and no other separators.", cell);
                value = number.ToString(CultureInfo.InvariantCulture);
                return null;

            default:
                if (!bool.TryParse(trimmed, out bool flag))
                    return Reject("NotABoolean", $"Field '{Name}' is a boolean; write true or false.", cell);
                value = flag ? "true" : "false";
                return null;
        }
    }

    private Rejection Reject(string code, string reason, ReadOnlySpan<char> cell) => new(code, reason, Source, cell.Length);
}
