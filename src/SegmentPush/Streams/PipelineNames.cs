using System.Management.Automation;
using SegmentPush.Mappings;
using SegmentPush.Segments;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Streams;

/// <summary>The properties of the first objects of a pipeline, and the columns that are read of them.</summary>
internal sealed class PipelineNames
{
    private static readonly string[] s_consentPaths = [.. EmailConsent.Paths, PairedValues.ConsentsOfAddresses];

    private readonly IReadOnlyList<PSObject> _objects;

    /// <summary>Gathers the names of some objects' properties.</summary>
    public PipelineNames(IReadOnlyList<PSObject> objects)
    {
        _objects = objects;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in objects)
        {
            foreach (string name in ObjectPath.NamesOf(item)) names.Add(name);
        }

        // Names that differ in case are one property to PowerShell.
        All = [.. names.DistinctBy(name => name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The names, in the order in which they came.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Chooses the columns: properties that are mapped or tell the membership, and the others where they are kept.</summary>
    /// <param name="options">What is mapped and kept.</param>
    /// <param name="isWhole">Whether all objects have come.</param>
    /// <exception cref="SegmentPushException">The objects have consents that can't be read (<c>ConsentNotUnderstood</c>, <c>SourceColumnAmbiguous</c>).</exception>
    public PipelineColumn[] Choose(PipelineOptions options, bool isWhole)
    {
        string[] plainNames = [.. All.Select(RejectColumns.TakeMarkOffName)];
        var chosen = new Dictionary<int, bool>();
        var paths = new List<PipelineColumn>();
        bool isMissing = false;
        foreach (string name in options.Mapped)
        {
            int found = ColumnNames.Find(plainNames, name);
            bool isRead = options.Read.Contains(name);
            if (found >= 0) chosen[found] = isRead || chosen.GetValueOrDefault(found);
            else if (HasPath(name) || (!isWhole && name != options.Identity)) paths.Add(ByPath(name, isLater: !HasPath(name), isRead, options.Warn));
            else isMissing = true;
        }

        foreach (string name in options.Membership is { } membership ? MembershipNames(membership.Property) : [])
        {
            int found = ColumnNames.Find(plainNames, name);
            if (found >= 0) chosen[found] = true;
            else if (HasPath(name)) paths.Add(ByPath(name, isLater: false, isRead: true, options.Warn));
            else isMissing = true;
        }

        // Consents that can't be read are refused before anything is sent.
        bool haveConsents = false;
        var reader = new ObjectConsents();
        foreach (var item in options.IgnoresConsent ? [] : _objects) haveConsents |= reader.Read(item) is not null;
        bool areNested = _objects.Any(item => ObjectPath.PropertiesOf(item).Any(at => at.Value is not (null or DBNull) && !ObjectPath.IsText(at.Value)));
        var consents = new Dictionary<int, string>();
        foreach (string path in options.IgnoresConsent ? [] : s_consentPaths)
        {
            int found = ColumnNames.Find(plainNames, path);
            if (found >= 0) consents[found] = path;

            // Of nested profiles the first ones may have no consent, and later ones may say no. A push with such a column waits for all objects.
            else if (haveConsents || (!isWhole && (areNested || plainNames.Any(ConsentNames.IsConsent)))) paths.Add(new PipelineColumn(path, path, null, IsNeeded: true, IsMarked: false, path));
        }

        // Where a property is missing, all names are kept for the error that says so.
        bool keepsAll = options.KeepsAll || isMissing;
        return
        [
            .. All.Select((name, i) => (name, i)).Where(at => keepsAll || chosen.ContainsKey(at.i) || consents.ContainsKey(at.i))
                .Select(at => new PipelineColumn(
                    plainNames[at.i], at.name, null, chosen.GetValueOrDefault(at.i) || consents.ContainsKey(at.i), RejectColumns.IsMarked(at.name), consents.GetValueOrDefault(at.i))),
            .. paths,
        ];
    }

    // Without a name: properties and paths that Experience Platform names so.
    private IEnumerable<string> MembershipNames(string? property) => property is not null
        ? [property]
        : All.Select(RejectColumns.TakeMarkOffName)
            .Where(name => name.StartsWith(SegmentMembership.Map, StringComparison.OrdinalIgnoreCase) && name.Length > SegmentMembership.Map.Length)
            .Concat(_objects.SelectMany(ObjectPath.MembershipsOf).Distinct(StringComparer.OrdinalIgnoreCase));

    private bool HasPath(string name) => _objects.Any(item =>
    {
        ObjectPath.Resolve(item, name.Split('.'), out bool isThere);
        return isThere;
    });

    private static PipelineColumn ByPath(string name, bool isLater, bool isRead, Action<MessageText> warn)
    {
        if (isLater) warn($"None of the first objects has the property '{VisibleText.Of(name)}'; it is read where later ones have it.");
        return new PipelineColumn(name, name, name.Split('.'), isRead, IsMarked: false);
    }
}
