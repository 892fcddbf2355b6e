using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Checks before the first call that the sources of a push have the columns of its mapping.</summary>
internal static class MappingCheck
{
    /// <summary>Checks the columns. Where some are missing, the error also names all other mistakes that can be known without the instance.</summary>
    /// <param name="entries">The mapping.</param>
    /// <param name="sources">The sources.</param>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>; of several mistakes all, with the id of the first.</exception>
    public static void Run(IReadOnlyList<SegmentMapping> entries, IReadOnlyList<PushSource> sources)
    {
        if (sources.Any(source => !source.IsFetched)) return;
        if (sources.Count > 1) LetPartsLackColumns(entries, sources);
        var mistakes = new MappingMistakes();
        foreach (var source in sources.Where(source => !source.IsEmpty))
            Mapping.CheckColumns(entries, source.Reader.Columns, source.FindColumn, source.Description, mistakes);

        // Without missing columns these mistakes are told together with those of the fields.
        if (mistakes.HasAny) Mapping.CheckEntries(entries, mistakes);
        mistakes.ThrowIfAny();
    }

    // The rows of JSON leave out what has no value, so that a part of an export may lack what others have. Ambiguous names are told later.
    private static void LetPartsLackColumns(IReadOnlyList<SegmentMapping> entries, IReadOnlyList<PushSource> sources)
    {
        foreach (string name in entries.Where(entry => !entry.IsConstant).Select(entry => entry.Source))
        {
            if (!sources.Any(source => Has(source, name))) continue;
            foreach (var source in sources) source.LetBeAbsent(name);
        }
    }

    private static bool Has(PushSource source, string name)
    {
        try
        {
            return !source.IsEmpty && source.FindColumn(name) >= 0;
        }
        catch (SegmentPushException)
        {
            return true;
        }
    }
}
