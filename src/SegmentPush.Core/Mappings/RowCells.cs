namespace SegmentPush.Mappings;

/// <summary>A cell of the current row by its column's number.</summary>
internal delegate ReadOnlySpan<char> CellOf(int column);

/// <summary>The cells of a source's current row.</summary>
/// <param name="value">Gives the text of a cell.</param>
/// <param name="isTyped">
/// Tells by its column's number whether a cell was a number, a date or a boolean of the sender's program, which is no text of a culture; null where
/// all cells are text.
/// </param>
internal sealed class RowCells(CellOf value, Func<int, bool>? isTyped = null)
{
    public ReadOnlySpan<char> this[int column] => value(column);

    public bool IsTyped(int column) => isTyped?.Invoke(column) == true;
}
