using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Parquet;

/// <summary>Finds the columns in which the values of paths lie.</summary>
/// <param name="row">The places of the rows.</param>
/// <param name="cells">Take the values.</param>
/// <param name="columns">Give the reader of a column.</param>
internal sealed class ParquetCells(ParquetNode row, RowCells cells, Func<ParquetLeaf, ColumnReader> columns)
{
    private readonly List<ElementChoice> _choices = [];

    /// <summary>Makes what takes a path's value out of each row.</summary>
    /// <param name="path">The path.</param>
    /// <param name="cell">The number of the cell for the value.</param>
    /// <returns>Null where the path leads nowhere, such as to an element of what is no list.</returns>
    public ParquetCell? Make(NestedPath path, int cell)
    {
        _choices.Clear();
        var place = row;
        foreach (var step in path.Steps)
        {
            if (Go(place, step) is not { } next) return null;
            place = next;
        }

        place = EnterLists(place);
        if (path.Identities is { } identities && MakeIdentity(place, identities, cell) is { } identity) return identity;
        if (place.Leaf is not null)
        {
            var column = columns(place.Leaf);
            return new ParquetValueCell(cells, cell, Walk(column), column);
        }

        // A column at the same depth of lists and maps has an entry for each object, or more.
        var within = columns(place.Leaves.ToArray().MinBy(leaf => leaf.MaxRepetition)!);
        while (_choices.Count < within.Leaf.MaxRepetition) _choices.Add(new ElementChoice());
        return new ParquetObjectCell(cells, cell, Walk(within), within, place.Definition);
    }

    private ElementWalk Walk(ColumnReader column) => new(column, [.. _choices]);

    private ParquetNode? Go(ParquetNode at, PathStep step)
    {
        if (step.Index >= 0)
        {
            if (at.Kind != ParquetKind.List) return null;
            _choices.Add(new ElementChoice(step.Index));
            return at.Children[0];
        }

        at = EnterLists(at);
        if (at.Kind == ParquetKind.Struct) return at.Children.FirstOrDefault(child => child.Name == step.Key);
        if (at.Kind == ParquetKind.Leaf) return null;
        _choices.Add(new ElementChoice(Key: new KeyName(step.Key, isExact: false), Keys: columns(at.Children[0].Leaf!)));
        return at.Children[1];
    }

    private ParquetNode EnterLists(ParquetNode at)
    {
        for (; at.Kind == ParquetKind.List; at = at.Children[0]) _choices.Add(new ElementChoice());
        return at;
    }

    private ParquetCell? MakeIdentity(ParquetNode identity, IdentityChoice choice, int cell)
    {
        // Some lists hold the ids themselves, which say nothing of a namespace.
        var id = choice.Namespace is null ? identity.Leaf ?? LeafOf(identity, "ID") : LeafOf(identity, "ID");
        if (id is null) return null;
        if (choice.Namespace is { } wanted)
        {
            var code = Child(identity, "NAMESPACE") is { Kind: ParquetKind.Struct } space ? LeafOf(space, "CODE") : LeafOf(identity, "NAMESPACE");
            if (code is null) return null;
            _choices[^1] = new ElementChoice(Key: new KeyName(wanted, isExact: false), Keys: columns(code));
        }

        var ids = columns(id);
        var primary = LeafOf(identity, "PRIMARY") is { } mark ? columns(mark) : null;
        return choice.IsOfAll
            ? new ParquetIdentitiesCell(cells, cell, Walk(ids), ids, primary)
            : new ParquetIdentityCell(cells, cell, Walk(ids), ids, primary, choice.Namespace is null ? _choices.FindLastIndex(at => at.Key is not null) : -1);
    }

    /// <summary>Makes what takes the consents to marketing by email that hold for one address each.</summary>
    /// <param name="cell">The number of the cell for addresses in turn with their consents.</param>
    /// <returns>Null where the file has none.</returns>
    /// <exception cref="SegmentPushException">It has some, but not as Experience Platform writes them (<c>ConsentNotUnderstood</c>).</exception>
    public ParquetCell? MakeConsents(int cell)
    {
        ConsentNames.RefuseOfAddresses(row.Children.Select(child => child.Name));
        if (Child(row, "CONSENTS") is not { Kind: ParquetKind.Struct } consents) return null;
        ConsentNames.RefuseOfAddresses(consents.Children.Select(child => "consents." + child.Name));
        if (Only(consents, NestedColumns.KeyedByPeople) is not { } spaces) return null;
        _choices.Clear();
        if (AddressesOf(spaces) is not { } addresses) return null;
        if (addresses.Kind != ParquetKind.Map) throw ConsentNames.OfAddressesNotUnderstood();
        int level = _choices.Count;
        _choices.Add(new ElementChoice());
        if (Only(addresses.Children[1], "MARKETING") is not { } marketing || Only(marketing, "EMAIL") is not { } email || Only(email, "VAL") is not { } value) return null;
        var values = columns(value.Leaf ?? throw ConsentNames.OfAddressesNotUnderstood());
        return new ParquetPairsCell(cells, cell, Walk(values), values, columns(addresses.Children[0].Leaf!), level);
    }

    private ParquetNode? AddressesOf(ParquetNode spaces)
    {
        if (spaces.Kind != ParquetKind.Map) return Only(spaces, "EMAIL");
        _choices.Add(new ElementChoice(Key: new KeyName("Email", isExact: false), Keys: columns(spaces.Children[0].Leaf!)));
        return spaces.Children[1];
    }

    // A field whose other spellings count, too.
    private static ParquetNode? Only(ParquetNode at, string folded)
    {
        if (at.Kind != ParquetKind.Struct) throw ConsentNames.OfAddressesNotUnderstood();
        ParquetNode[] found = [.. at.Children.Where(child => ColumnNames.Fold(child.Name) == folded)];
        return found.Length < 2 ? found.FirstOrDefault() : throw ConsentNames.OfAddressesNotUnderstood();
    }

    private static ParquetLeaf? LeafOf(ParquetNode at, string folded) => Child(at, folded)?.Leaf;

    private static ParquetNode? Child(ParquetNode at, string folded) =>
        at.Kind == ParquetKind.Struct ? at.Children.FirstOrDefault(child => ColumnNames.Fold(child.Name) == folded) : null;
}
