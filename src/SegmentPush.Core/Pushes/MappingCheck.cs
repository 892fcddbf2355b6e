using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Checks before a push begins that its sources have the columns of its mapping.</summary>
internal static class MappingCheck
{
    /// <summary>
    /// Checks the columns without asking the instance. Only where some are missing, the fields are checked too, so that one error names all
    /// mistakes of the mapping.
    /// </summary>
    /// <param name="options">What the push is to do.</param>
    /// <param name="sources">Where its people come from.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>; of several mistakes all, with the id of the first.</exception>
    public static async Task RunAsync(PushOptions options, IReadOnlyList<PushSource> sources, CancellationToken cancellation)
    {
        var mistakes = new MappingMistakes();
        foreach (var source in sources.Where(source => !source.IsEmpty)) Mapping.CheckColumns(options.Mapping, source.Reader.Columns, source.FindColumn, source.Description, mistakes);
        if (!mistakes.HasAny) return;
        try
        {
            var fields = await options.Connection.Facts.DescribeAsync(cancellation).ConfigureAwait(false);
            Mapping.Check(options.Mapping, PushTarget.FieldsOf(fields), options.Values, mistakes);
        }
        catch (MarketoException)
        {
            // The columns are missing, whatever else is wrong.
        }

        mistakes.ThrowIfAny();
    }
}
