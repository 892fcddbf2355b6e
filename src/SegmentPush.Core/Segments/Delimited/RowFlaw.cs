namespace SegmentPush.Segments.Delimited;

/// <summary>What is wrong with the form of a row.</summary>
internal enum RowFlaw
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A quoted cell goes on after its closing quote.</summary>
    MalformedQuote,

    /// <summary>Blanks stand before a cell's first character, a quote: some programs read them as a part of its text, others don't.</summary>
    QuoteAfterBlank,

    /// <summary>A quoted cell is not closed before the text ends.</summary>
    UnclosedQuote,

    /// <summary>A cell holds a carriage return or a line feed, which ends no row in this file.</summary>
    LoneReturn,

    /// <summary>The row is longer than the longest row that is read.</summary>
    TooLarge,
}
