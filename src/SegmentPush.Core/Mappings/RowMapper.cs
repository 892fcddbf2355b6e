using System.Runtime.CompilerServices;
using SegmentPush.Mappings.Values;

namespace SegmentPush.Mappings;

/// <summary>Maps the rows of one source.</summary>
/// <param name="identity">The field that finds people.</param>
/// <param name="attributes">The fields that are written; none where nothing is sent.</param>
/// <param name="use">What the push does with the mapping.</param>
internal sealed class RowMapper(MappedField identity, MappedField[] attributes, MappingUse use)
{
    private readonly PersonValues.Writer _values = new(attributes.Length);
    private readonly ValueFault _rounded = RoundedNumber.FaultOf(identity.Source);
    private readonly SpreadsheetText _spreadsheet = new(identity.Source);
    private readonly bool _leavesOut = use.Values.BadField == BadField.LeaveOut;
    private readonly bool _createsByAddress = use.Creates && identity.Form == ValueForm.Email;

    public MappedField Identity { get; } = identity;

    /// <summary>Whether people are found by their addresses.</summary>
    public bool FindsByAddress => Identity.Form == ValueForm.Email;

    /// <summary>Maps the current row.</summary>
    /// <param name="source">Which of the push's sources it is from.</param>
    /// <param name="row">Its number within the source.</param>
    /// <param name="cells">Its cells.</param>
    /// <param name="text">Takes its text in.</param>
    /// <param name="mapped">The row; nothing of use where it is rejected.</param>
    /// <returns>Why the row is rejected, with all of its faults; null where it is not.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public Rejection? Map(int source, long row, RowCells cells, RowText text, out MappedRow mapped)
    {
        mapped = default;
        var rejection = ReadIdentity(cells, out var key);
        List<int>? leftOut = null;
        for (int i = 0; i < attributes.Length; i++)
        {
            if (attributes[i].Read(cells, out var value) is { } fault)
            {
                value = default;
                if (_leavesOut) (leftOut ??= []).Add(i);
                else rejection = Rejection.Join(rejection, RejectionOf(fault, attributes[i], cells));
            }

            _values.Add(value);
        }

        if (rejection is not null)
        {
            _values.Discard();
            return rejection;
        }

        mapped = new MappedRow(source, row, text.Add(key), _values.Take(text))
        {
            LeftOut = leftOut,
            IsMatchOnly = _createsByAddress && !EmailAddress.IsWellFormed(key),
        };
        return null;
    }

    /// <summary>Maps the current row as far as it takes to find a person who leaves.</summary>
    public Rejection? MapLeaving(int source, long row, RowCells cells, RowText text, out MappedRow mapped)
    {
        var rejection = ReadIdentity(cells, out var key);
        mapped = rejection is null ? new MappedRow(source, row, text.Add(key), default) { IsLeaving = true } : default;
        return rejection;
    }

    /// <summary>
    /// The identity of the current row, also where the row is at fault: equal identities have equal keys. Empty where the row names nobody.
    /// Valid until the mapper's next call.
    /// </summary>
    public ReadOnlySpan<char> KeyOf(RowCells cells) => ReadIdentity(cells, out var key) is null ? key : cells[Identity.Column].Trim();

    /// <summary>Whether the identity of the current row can't be read, so that nobody knows the person that it names.</summary>
    public bool IsNameless(RowCells cells) => ReadIdentity(cells, out _) is not null;

    [MethodImpl(EveryRow.Compiled)]
    private Rejection? ReadIdentity(RowCells cells, out ReadOnlySpan<char> key) =>
        ReadIdentity(cells[Identity.Column], cells.IsTyped(Identity.Column), out key);

    /// <summary>Reads an identity.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="isTyped">Whether it was a number, a date or a boolean of the sender's program.</param>
    /// <param name="key">Its canonical form. Valid until the mapper's next call.</param>
    /// <returns>Why the cell can't be an identity; null where it can.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public Rejection? ReadIdentity(ReadOnlySpan<char> cell, bool isTyped, out ReadOnlySpan<char> key)
    {
        key = default;
        var text = cell.Trim();
        if (text.IsEmpty)
        {
            return new Rejection(
                "IdentityEmpty", MessageText.Say($"The row has no {Identity.Source}; fill it in, or leave the row out."), Identity.Source, cell.Length);
        }

        // Addresses take ASCII only, and say so.
        var fault = RoundedNumber.IsShort(text) ? _rounded : _spreadsheet.FaultOf(text);
        if (Identity.Form != ValueForm.Email) fault ??= InvisibleCharacter.FaultOf(text, Identity.Source);
        fault ??= Identity.Read(text, isTyped, out key);
        return fault is null ? null : Rejection.Of(fault, Identity.Source, cell.Length);
    }

    private static Rejection RejectionOf(ValueFault fault, MappedField field, RowCells cells) =>
        Rejection.Of(fault, field.Source, cells[field.Column].Length);
}
