using System.Runtime.CompilerServices;
using System.Text.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>Takes a text, number or boolean into a cell: text as it is meant, a number as it is written.</summary>
internal static class JsonScalar
{
    [MethodImpl(EveryRow.Compiled)]
    public static void Take(ref Utf8JsonReader reader, RowCells cells, int cell)
    {
        // The bytes of true and false are their text, too.
        bool isText = reader.TokenType == JsonTokenType.String;
        if (isText && reader.ValueIsEscaped) TakeEscaped(ref reader, cells, cell);
        else cells.SetUtf8(cell, reader.ValueSpan, isTyped: !isText);
    }

    /// <summary>Whether a reader stands on a text that is not empty, a number or a boolean.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static bool IsFilled(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.ValueSpan.Length > 0,
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => true,
        _ => false,
    };

    private static void TakeEscaped(ref Utf8JsonReader reader, RowCells cells, int cell)
    {
        int length = 0;
        try
        {
            length = reader.CopyString(cells.Claim(reader.ValueSpan.Length));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8.
            cells.Reject(cells.FaultsOf(cell).IsInvalid);
        }

        cells.Close(cell, length, isTyped: false);
    }
}
