namespace SegmentPush;

/// <summary>How a delimited file writes a quote inside a quoted cell.</summary>
public enum CellEscape
{
    /// <summary>As two quotes: RFC 4180, Excel, SQL Server, Export-Csv.</summary>
#pragma warning disable CA1720 // The word is the field's.
    Double = 0,
#pragma warning restore CA1720

    /// <summary>
    /// As a backslash and the quote; a backslash is written twice inside quotes, and stands for itself outside: Experience Platform, Spark.
    /// </summary>
    Backslash = 1,

    /// <summary>Not at all: the file has no quoted cells, and a quote is a character like any other.</summary>
    None = 2,

    /// <summary>As an apostrophe and the quote; an apostrophe is written twice: the other choice of Experience Platform.</summary>
    Apostrophe = 3,

    /// <summary>
    /// The file has no quoted cells, and a backslash stands before each delimiter, line end and backslash of a cell: MySQL, Hadoop.
    /// </summary>
    BackslashUnquoted = 4,
}
