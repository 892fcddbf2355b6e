using System.Runtime.CompilerServices;
using System.Text.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>Takes the values that are asked for out of each row.</summary>
internal sealed class JsonSelector : IJsonRowParser
{
    private readonly JsonTarget _root = new(key: null);
    private readonly List<NestedPath> _paths = [];
    private readonly List<int> _cells = [];
    private readonly JsonIdentities _identities;
    private readonly JsonConsents _consents;
    private int _consentCell = -1;
    private long _objects;

    public JsonSelector() => (_identities, _consents) = (new JsonIdentities(Cells), new JsonConsents(Cells));

    /// <summary>The values of the current row.</summary>
    public RowCells Cells { get; } = new();

    /// <summary>Asks for a value.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="name">How messages name it.</param>
    /// <returns>The number of its cell.</returns>
    public int Select(NestedPath path, string name)
    {
        int known = _paths.FindIndex(path.IsSameAs);
        if (known >= 0) return _cells[known];
        _paths.Add(path);
        int cell = Cells.Add(name);
        _cells.Add(cell);
        var target = path.Steps.Aggregate(_root, (at, step) => step.Index < 0 ? FieldOf(at, step, cell) : ElementOf(at, step.Index, cell));
        if (path.Identities is null)
        {
            target.Cell = cell;
        }
        else
        {
            target.IdentityCell = cell;
            target.Namespace = path.Identities.Namespace is { } code ? new KeyName(code, isExact: false) : null;
        }

        return cell;
    }

    /// <summary>Asks for the consents that hold for one address each.</summary>
    /// <param name="paths">The places of the rows.</param>
    /// <returns>The number of their cell; -1 where no row has any.</returns>
    /// <exception cref="SegmentPushException">Consents stand elsewhere, or not as Experience Platform writes them (<c>ConsentNotUnderstood</c>).</exception>
    public int SelectConsents(NestedColumns paths)
    {
        if (_consentCell >= 0) return _consentCell;
        if (paths.HasConsentsInNames) throw ConsentNames.OfAddressesNotUnderstood();
        ConsentNames.RefuseElsewhere(paths.Names);
        if (paths.Find(PairedValues.ConsentsOfAddresses) is not { } found) return -1;

        // Names with dots lead to a place that no export has.
        if (found.Steps.Any(step => ColumnNames.FoldPath(step.Key).Contains('_', StringComparison.Ordinal))) throw ConsentNames.OfAddressesNotUnderstood();
        _consentCell = Cells.Add(PairedValues.ConsentsOfAddresses);
        var target = PairedValues.ConsentsOfAddresses.Split('.').Aggregate(_root, (at, name) => FieldOf(at, PathStep.To(name), _consentCell));
        target.ConsentCell = _consentCell;
        return _consentCell;
    }

    [MethodImpl(EveryRow.Compiled)]
    public bool TryParse(ref Utf8JsonReader reader)
    {
        Cells.Clear();
        return TryTake(ref reader, _root);
    }

    private static JsonTarget FieldOf(JsonTarget at, PathStep step, int cell)
    {
        var field = at.Fields.Find(known => known.Key!.IsOf(step));
        if (field is null) at.Fields.Add(field = new JsonTarget(new KeyName(step.Key, step.IsExact)) { AnyCell = cell });
        return field;
    }

    private static JsonTarget ElementOf(JsonTarget at, int index, int cell)
    {
        var known = at.Elements.Find(element => element.Index == index).Target;
        if (known is null) at.Elements.Add((index, known = new JsonTarget(key: null) { AnyCell = cell }));
        return known;
    }

    // False where the bytes end before the value does.
    [MethodImpl(EveryRow.Compiled)]
    private bool TryTake(ref Utf8JsonReader reader, JsonTarget target)
    {
        if (target.IdentityCell >= 0)
        {
            var again = reader;
            if (!_identities.TryTake(ref again, target)) return false;
        }

        if (target.ConsentCell >= 0)
        {
            var again = reader;
            if (!_consents.TryTake(ref again, target.ConsentCell)) return false;
        }

        return TryTakeValue(ref reader, target);
    }

    [MethodImpl(EveryRow.Compiled)]
    private bool TryTakeValue(ref Utf8JsonReader reader, JsonTarget target)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                if (target.Cell >= 0) Cells.Reject(Cells.FaultsOf(target.Cell).IsObject);
                else if (target.IsList) RejectSingle(target);
                return target.Fields.Count == 0 ? reader.TrySkip() : TryTakeFields(ref reader, target);
            case JsonTokenType.StartArray:
                return TryTakeElements(ref reader, target);
            case JsonTokenType.Null:
                return true;
            default:
                if (target.Cell >= 0) JsonScalar.Take(ref reader, Cells, target.Cell);
                else if (target.LeadsOn && JsonScalar.IsFilled(ref reader)) RejectSingle(target);
                return true;
        }
    }

    private void RejectSingle(JsonTarget target) => Cells.Reject(Cells.FaultsOf(target.AnyCell).IsSingle);

    [MethodImpl(EveryRow.Compiled)]
    private bool TryTakeFields(ref Utf8JsonReader reader, JsonTarget target)
    {
        long thisObject = ++_objects;
        int expected = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject) return true;
            var field = Find(target.Fields, JsonNames.Read(ref reader), ref expected);
            if (!reader.Read()) return false;
            if (field is null)
            {
                if (!reader.TrySkip()) return false;
                continue;
            }

            if (field.Object == thisObject) Cells.Reject(Cells.FaultsOf(field.AnyCell).IsTwice);
            field.Object = thisObject;
            if (!TryTake(ref reader, field)) return false;
        }

        return false;
    }

    // Fields mostly come in the same order, so that the one after the last is looked at first.
    [MethodImpl(EveryRow.Compiled)]
    private static JsonTarget? Find(List<JsonTarget> fields, ReadOnlySpan<byte> name, ref int expected)
    {
        bool isPlain = KeyName.IsPlain(name);
        for (int i = 0; i < fields.Count; i++)
        {
            if (expected >= fields.Count) expected = 0;
            var field = fields[expected++];
            if (field.Key!.Matches(name, isPlain)) return field;
        }

        return null;
    }

    private bool TryTakeElements(ref Utf8JsonReader reader, JsonTarget target)
    {
        for (int i = 0; reader.Read(); i++)
        {
            if (reader.TokenType == JsonTokenType.EndArray) return true;
            foreach (var (index, element) in target.Elements)
            {
                if (index != i) continue;
                var again = reader;
                if (!TryTake(ref again, element)) return false;
            }

            // The list's place stands for its elements.
            bool isWhole = target.TakesEach ? TryTakeValue(ref reader, target) : reader.TrySkip();
            if (!isWhole) return false;
        }

        return false;
    }
}
