namespace SegmentPush.Mappings.Values;

/// <summary>Reads the values of one Marketo field. Every row goes through it, so a right value costs no memory.</summary>
internal interface IValueReader
{
    /// <summary>Characters that <c>scratch</c> has room for.</summary>
    const int ScratchLength = 64;

    /// <summary>Brings a text into the form that Marketo takes. Equal values get equal forms.</summary>
    /// <param name="text">The text of a cell.</param>
    /// <param name="scratch">Room for a value that differs from the text.</param>
    /// <param name="value">The value, in <paramref name="text"/> or <paramref name="scratch"/>; empty for a blank text.</param>
    /// <returns>Why the text can't be a value; null where it can.</returns>
    ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value);
}
