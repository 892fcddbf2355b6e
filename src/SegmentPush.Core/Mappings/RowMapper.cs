using System.Runtime.CompilerServices;

namespace SegmentPush.Mappings;

/// <summary>A cell of the current row by its column's number.</summary>
internal delegate ReadOnlySpan<char> CellOf(int column);

/// <summary>Maps the rows of one source.</summary>
internal sealed class RowMapper(MappedField identity, IReadOnlyList<MappedField> attributes)
{
    private readonly PersonValues.Writer _values = new(attributes.Count);

    public MappedField Identity { get; } = identity;

    public IReadOnlyList<MappedField> Attributes { get; } = attributes;

    /// <summary>Maps the current row.</summary>
    /// <param name="source">Which of the push's sources it is from.</param>
    /// <param name="row">Its number within the source.</param>
    /// <param name="cell">Gives its cells.</param>
    /// <param name="text">Takes its text in.</param>
    /// <param name="mapped">The row; nothing of use where it is rejected.</param>
    /// <returns>Why the row is rejected, or null.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public Rejection? Map(int source, long row, CellOf cell, RowText text, out MappedRow mapped)
    {
        mapped = default;
        var rejection = ParseIdentity(cell(Identity.Column), out var key);
        if (rejection is not null) return rejection;

        for (int i = 0; i < Attributes.Count && rejection is null; i++)
        {
            rejection = Attributes[i].Parse(cell(Attributes[i].Column), out var value);
            _values.Add(value);
        }

        var values = _values.Take(text);
        if (rejection is null) mapped = new MappedRow(source, row, text.Add(key), values);
        return rejection;
    }

    /// <summary>Maps the current row as far as it takes to find a person who leaves.</summary>
    public Rejection? MapLeaving(int source, long row, CellOf cell, RowText text, out MappedRow mapped)
    {
        var rejection = ParseIdentity(cell(Identity.Column), out var key);
        mapped = rejection is null ? new MappedRow(source, row, text.Add(key), default) { IsLeaving = true } : default;
        return rejection;
    }

    [MethodImpl(EveryRow.Compiled)]
    private Rejection? ParseIdentity(ReadOnlySpan<char> cell, out ReadOnlySpan<char> key)
    {
        key = default;
        var trimmed = cell.Trim();
        if (trimmed.IsEmpty)
        {
            return new Rejection(
                "IdentityEmpty", $"The row has no {Identity.Source}; fill it in, or leave the row out.", Identity.Source, cell.Length);
        }

        return Identity.Parse(trimmed, out key) is { } rejection ? rejection with { ValueLength = cell.Length } : null;
    }
}
