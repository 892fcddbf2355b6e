using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>The columns of an import file: the field that finds people, and then the attributes that are written.</summary>
internal sealed class ImportColumns
{
    /// <inheritdoc cref="ImportEntry.IdField"/>
    public const string IdField = ImportEntry.IdField;

    private readonly PushTarget _target;

    private ImportColumns(PushTarget target, bool byId, int[] attributes)
    {
        _target = target;
        ById = byId;
        Attributes = attributes;
        LookupField = byId ? IdField : target.Mapping.IdentityField.Name;
        Header = [LookupField, .. attributes.Select(attribute => target.Mapping.AttributeFields[attribute].Name)];
    }

    /// <summary>Whether people are found by their Marketo id, so that nobody is created.</summary>
    public bool ById { get; }

    /// <summary>The field that finds people.</summary>
    public string LookupField { get; }

    /// <summary>Numbers of the mapping's attributes, in the order of the columns.</summary>
    public IReadOnlyList<int> Attributes { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The attributes as the journal keeps them.</summary>
    public string Text => string.Join(',', Attributes.Select(attribute => attribute.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The columns for people who have values for all attributes that are written.</summary>
    public static ImportColumns All(PushTarget target, bool byId)
    {
        var fields = target.Mapping.AttributeFields;
        return new ImportColumns(
            target,
            byId,
            byId && !target.WritesExisting
                ? []
                : [.. Enumerable.Range(0, fields.Count).Where(i => byId ? !fields[i].IsCompanyField : target.IsSent(fields[i]))]);
    }

    /// <summary>The columns of an import of the journal.</summary>
    public static ImportColumns Of(PushTarget target, ImportEntry import)
    {
        bool byId = import.FindsById;
        return import.Fields is { } text
            ? new ImportColumns(target, byId, [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))])
            : All(target, byId);
    }

    /// <summary>Those of these columns that people with certain values have.</summary>
    public ImportColumns For(FilledFields filled) => new(_target, ById, [.. Attributes.Where(attribute => attribute >= FilledFields.Most || filled.Contains(attribute))]);

    /// <summary>The values that a row of the file holds, for the attributes of the mapping.</summary>
    /// <param name="cells">The row as it was uploaded.</param>
    public PersonValues ValuesOf(IReadOnlyList<string> cells)
    {
        int count = _target.Mapping.AttributeFields.Count;
        var values = new PersonValues.Writer(count);
        for (int i = 0; i < count; i++)
        {
            int cell = IndexOf(i) + 1;
            values.Add(cell > 0 && cell < cells.Count ? cells[cell] : "");
        }

        return values.Take();
    }

    private int IndexOf(int attribute)
    {
        for (int i = 0; i < Attributes.Count; i++)
        {
            if (Attributes[i] == attribute) return i;
        }

        return -1;
    }
}
