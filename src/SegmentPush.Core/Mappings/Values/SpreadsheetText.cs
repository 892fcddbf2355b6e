using System.Runtime.CompilerServices;

namespace SegmentPush.Mappings.Values;

/// <summary>Texts that a spreadsheet leaves in the place of a value: an error of a formula, or a formula that keeps a text such as <c>="007"</c>.</summary>
/// <param name="field">Name of the field or the column, for the fault.</param>
internal sealed class SpreadsheetText(string field)
{
    // In the languages of Excel that this product is used in most: English, French, German, Spanish, Italian.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_errors = new HashSet<string>(StringComparer.Ordinal)
    {
        "#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA",
        "#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#N/D", "#¿NOMBRE?", "#¡REF!", "#¡VALOR!",
        "#¡DIV/0!", "#¡NUM!", "#¡NULO!", "#NOME?", "#RIF!", "#VALORE!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!",
        "#ÜBERLAUF!", "#KALK!", "#FELD!", "#BLOCKIERT!", "#PROPAGATION!", "#CALCUL!", "#CHAMP!", "#BLOQUE!", "#DESBORDAMIENTO!", "#CALCULO!", "#CAMPO!", "#ESPANSIONE!", "#CALCOLO!",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly ValueFault _error = new(
        "SpreadsheetError", $"The cell for '{field}' holds an error of a spreadsheet's formula in the place of a value, such as #N/A; mend the formula or empty the cell, and save the file again.");

    private readonly ValueFault _formula = new(
        "SpreadsheetFormula", $"The cell for '{field}' holds a formula around its text, as in =\"007\"; write the text alone.");

    /// <summary>The fault of a cell; null where it holds a value.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public ValueFault? FaultOf(ReadOnlySpan<char> cell)
    {
        // The first character of most cells tells at once.
        if (cell.IsEmpty || (cell[0] is not ('#' or '=') && !char.IsWhiteSpace(cell[0]))) return null;
        var text = cell.Trim();
        if (text is ['=', '"', .., '"']) return _formula;
        return text is ['#', ..] && s_errors.Contains(text) ? _error : null;
    }
}
