using System.Globalization;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Segments.Nested;

/// <summary>The columns of a source of nested objects: its values, named by dotted paths.</summary>
internal sealed class NestedColumns
{
    /// <summary>Name of an object whose objects have people's identities for names, folded.</summary>
    public const string KeyedByPeople = "IDSPECIFIC";

    private const string IdentityMap = "IDENTITYMAP", Identities = "IDENTITIES", Id = "ID";

    private readonly Shape _root;
    private readonly List<string> _names = [];
    private readonly List<NestedPath> _paths = [];

    /// <summary>Lists the columns of a source.</summary>
    /// <param name="root">What its rows hold.</param>
    public NestedColumns(Shape root)
    {
        _root = root;
        AddFields(root, "", [], depthOfKeys: 0);
    }

    /// <summary>The names, in the order of the source.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Finds the place that a name means.</summary>
    /// <param name="name">The name of a column, or a path that leads elsewhere, such as <c>identityMap.Email</c> or <c>organizations[0]</c>.</param>
    /// <returns>Null where the source has no such place.</returns>
    /// <exception cref="SegmentPushException">Several places have the name (<c>SourceColumnAmbiguous</c>).</exception>
    public NestedPath? Find(string name)
    {
        var found = FindPath(name);
        if (found is null || !found.Steps.Any(step => step.IsUnclear)) return found;
        throw new SegmentPushException(
            "SourceColumnAmbiguous",
            $"The source spells '{VisibleText.Of(name)}' in more than two ways, and some rows have two of them, so that nobody can tell which ones mean the same.",
            "Export it again with one spelling for each column.",
            name);
    }

    /// <summary>Whether consents of addresses stand under names that hold the addresses, too.</summary>
    public bool HasConsentsInNames => HasConsentsIn(_root);

    private static bool HasConsentsIn(Shape at) => at.HasConsentsInNames || at.Fields.Any(HasConsentsIn);

    private NestedPath? FindPath(string name)
    {
        int listed = ColumnNames.Find(_names, name);
        if (listed >= 0) return _paths[listed];

        string path = ColumnNames.FoldPath(name.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal));
        if (path.Length == 0) return null;
        var found = Walk(_root, path, []).Concat(FromIdentities(path)).ToList();
        if (found.Count <= 1) return found.SingleOrDefault();
        throw new SegmentPushException(
            "SourceColumnAmbiguous",
            $"The name '{VisibleText.Of(name)}' matches {found.Count} places in the source's objects.",
            "Write the path in the mapping exactly as the source spells it, with dots.",
            name);
    }

    /// <summary>Whether a name has an address in it, so that it is a person's and no list of columns may hold it.</summary>
    public static bool IsPersonal(string name) => name.IndexOf('@', StringComparison.Ordinal) > 0;

    private static bool IsIdentityMap(Shape field) => ColumnNames.Fold(field.Name) == IdentityMap && field.HasObject;

    // The names within `consents.idSpecific.<namespace>` are identities, which a list of columns must not hold.
    private void AddFields(Shape parent, string prefix, PathStep[] steps, int depthOfKeys)
    {
        foreach (var field in Listed(parent, steps.Length == 0))
        {
            if (depthOfKeys == 2 || IsPersonal(field.Name)) continue;
            bool isKeys = depthOfKeys > 0 || ColumnNames.Fold(field.Name) == KeyedByPeople;
            Add(field, prefix + field.Name, [.. steps, PathStep.To(field)], isKeys ? depthOfKeys + 1 : 0);
        }
    }

    private void Add(Shape field, string name, PathStep[] steps, int depthOfKeys)
    {
        bool isIdentities = IsIdentities(steps);
        bool isLeaf = field.HasText || field.IsEmpty || (field.HasList && !field.HasObject);
        if (isLeaf || isIdentities)
        {
            _names.Add(name);
            _paths.Add(End(steps));
        }

        if (!isIdentities) AddFields(field, name + ".", steps, depthOfKeys);
    }

    // A reject file adds columns to those of its source; they are not people's.
    private static IEnumerable<Shape> Listed(Shape parent, bool isRow)
    {
        bool isReject = isRow && RejectColumns.Names.All(name => parent.Fields.Any(field => field.Name == name));
        return isReject ? parent.Fields.Where(field => !RejectColumns.Names.Contains(field.Name)) : parent.Fields;
    }

    private bool IsIdentities(IReadOnlyList<PathStep> steps) =>
        steps is [{ Index: < 0 } first, { Index: < 0 }] && ColumnNames.Fold(first.Key) == IdentityMap
        && _root.Fields.Any(field => field.Name == first.Key && IsIdentityMap(field));

    private NestedPath End(IReadOnlyList<PathStep> steps) => new(steps, IsIdentities(steps) ? new IdentityChoice(null) : null);

    // `rest` is what the name says below a place, folded, with underscores for dots and brackets.
    private List<NestedPath> Walk(Shape at, string rest, PathStep[] steps)
    {
        if (rest.Length == 0 || (rest == Id && IsIdentities(steps))) return [End(steps)];

        // Everything below null is null.
        if (at.IsEmpty && steps.Length > 0) return [new NestedPath(steps)];
        var found = new List<NestedPath>();
        if (at.HasList && FindIndex(rest, out int index, out string below)) found.AddRange(Walk(at, below, [.. steps, PathStep.At(index)]));
        bool isListed = false;
        foreach (var field in at.Fields)
        {
            if (TakeOff(rest, ColumnNames.FoldPath(field.Name)) is not { } after) continue;
            isListed = true;
            found.AddRange(Walk(field, after, [.. steps, PathStep.To(field)]));
        }

        if (!isListed && at.Unlisted is not null) found.AddRange(WalkUnlisted(at, rest, steps).Take(1));

        // Rows with a text in the place of a consent are at fault.
        if (found.Count == 0 && at.HasText && IsConsent(steps)) found.Add(new NestedPath([.. steps, PathStep.To(rest)]));
        return found;
    }

    private static bool IsConsent(PathStep[] steps) => steps.Length is > 0 and < 4 && ConsentNames.IsConsent(steps[0].Key);

    // A name without a place of its own is as short as the rest of the path allows.
    private IEnumerable<NestedPath> WalkUnlisted(Shape at, string rest, PathStep[] steps)
    {
        var below = at.Unlisted!;
        for (int end = rest.IndexOf('_', 1); end > 0; end = rest.IndexOf('_', end + 1))
        {
            if (at.IsUnlistedPersonal && !IsPersonal(rest[..end])) continue;
            foreach (var path in Walk(below, rest[(end + 1)..], [.. steps, PathStep.To(rest[..end])])) yield return path;
        }

        if (at.IsUnlistedPersonal && !IsPersonal(rest)) yield break;
        if (!below.HasObject || IsIdentities([.. steps, PathStep.To(rest)])) yield return End([.. steps, PathStep.To(rest)]);
    }

    // Some exports have one list of identities of all namespaces instead of a list for each.
    private IEnumerable<NestedPath> FromIdentities(string path)
    {
        if (TakeOff(path, IdentityMap) is not { Length: > 0 } rest || _root.Fields.Any(IsIdentityMap)) return [];
        string code = rest.EndsWith("_" + Id, StringComparison.Ordinal) ? rest[..^(Id.Length + 1)] : rest;
        return _root.Fields
            .Where(field => ColumnNames.Fold(field.Name) == Identities && field.HasList && field.HasObject)
            .Select(field => new NestedPath([PathStep.To(field)], new IdentityChoice(code)));
    }

    private static string? TakeOff(string rest, string name)
    {
        if (name.Length == 0 || !rest.StartsWith(name, StringComparison.Ordinal)) return null;
        if (rest.Length == name.Length) return "";
        return rest[name.Length] == '_' ? rest[(name.Length + 1)..] : null;
    }

    private static bool FindIndex(string rest, out int index, out string below)
    {
        int end = rest.IndexOf('_', StringComparison.Ordinal);
        below = end < 0 ? "" : rest[(end + 1)..];
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
