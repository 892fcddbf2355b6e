using System.Runtime.CompilerServices;
using System.Text;

namespace SegmentPush.Mappings.Values;

/// <summary>Texts of up to a number of characters. They are sent as they are, with their outer blanks.</summary>
/// <param name="field">Name of the field, for the fault.</param>
/// <param name="maxLength">Most characters; null for no limit.</param>
internal sealed class TextReader(string field, int? maxLength) : IValueReader
{
    private readonly ValueFault _tooLong = new("TextTooLong", $"Field '{field}' takes up to {maxLength} characters; shorten the text.");
    private readonly SpreadsheetText _spreadsheet = new(field);

    [MethodImpl(EveryRow.Compiled)]
    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = text;
        return text.Length > maxLength ? _tooLong : _spreadsheet.FaultOf(text);
    }
}

/// <summary>Texts whose length Marketo counts in bytes of UTF-8.</summary>
/// <param name="field">Name of the field, for the fault.</param>
/// <param name="maxBytes">Most bytes; null for no limit.</param>
internal sealed class LongTextReader(string field, int? maxBytes) : IValueReader
{
    private readonly ValueFault _tooLong = new("TextTooLong", $"Field '{field}' takes up to {maxBytes} bytes; shorten the text.");
    private readonly SpreadsheetText _spreadsheet = new(field);

    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = text;
        return Encoding.UTF8.GetByteCount(text) > maxBytes ? _tooLong : _spreadsheet.FaultOf(text);
    }
}

/// <summary>Phone numbers: texts that may be a number that Excel has rounded.</summary>
/// <param name="field">Name of the field, for the fault.</param>
/// <param name="maxLength">Most characters; null for no limit.</param>
internal sealed class PhoneReader(string field, int? maxLength) : IValueReader
{
    private readonly TextReader _text = new(field, maxLength);
    private readonly ValueFault _rounded = RoundedNumber.FaultOf(field);

    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = default;
        return RoundedNumber.IsShort(text.Trim()) ? _rounded : _text.Read(text, scratch, out value);
    }
}

/// <summary>Addresses that are written into a field.</summary>
internal sealed class AddressReader : IValueReader
{
    [MethodImpl(EveryRow.Compiled)]
    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = text.Trim();
        return EmailAddress.Check(value);
    }
}

/// <summary>Addresses that people are looked up by.</summary>
internal sealed class LookupAddressReader : IValueReader
{
    [MethodImpl(EveryRow.Compiled)]
    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = text.Trim();
        return EmailAddress.CheckLookup(value);
    }
}

/// <summary>The same value for each person.</summary>
/// <param name="constant">The value; empty for none.</param>
internal sealed class ConstantReader(string constant) : IValueReader
{
    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = constant;
        return null;
    }
}
