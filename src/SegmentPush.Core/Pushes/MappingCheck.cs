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
        var mistakes = new MappingMistakes();
        foreach (var source in sources.Where(source => !source.IsEmpty))
            Mapping.CheckColumns(entries, source.Reader.Columns, source.FindColumn, source.Description, mistakes);

        // Without missing columns these mistakes are told together with those of the fields.
        if (mistakes.HasAny) Mapping.CheckEntries(entries, mistakes);
        mistakes.ThrowIfAny();
    }
}
