using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Checks before the first call of a push that its sources have the columns of its mapping.</summary>
internal static class MappingCheck
{
    /// <summary>Checks the columns.</summary>
    /// <param name="options">What the push is to do.</param>
    /// <param name="sources">Where its people come from.</param>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>, which names all columns that are missing.</exception>
    public static void Run(PushOptions options, IReadOnlyList<PushSource> sources)
    {
        var mistakes = new MappingMistakes();
        foreach (var source in sources.Where(source => !source.IsEmpty))
            Mapping.CheckColumns(options.Mapping, source.Reader.Columns, source.FindColumn, source.Description, mistakes);
        mistakes.ThrowIfAny();
    }
}
