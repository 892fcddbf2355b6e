namespace SegmentPush.Marketo;

/// <summary>A row of the file in which an import names the rows that it refused, or took with a warning.</summary>
/// <param name="Keys">
/// What may be the value that finds the person. One value where the row has a cell for each column; several where a cell with
/// unquoted delimiters leaves open which one it is; none where the file has no such column.
/// </param>
/// <param name="Cells">The row as it was uploaded; null where the file does not give all of it for certain.</param>
/// <param name="Reason">Marketo's words; empty where the file has none.</param>
internal sealed record ImportReject(IReadOnlyList<string> Keys, IReadOnlyList<string>? Cells, string Reason);
