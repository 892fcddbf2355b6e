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
        var mistakes = FindMissing(entries, sources);

        // Without missing columns these mistakes are told together with those of the fields.
        if (mistakes.HasAny) Mapping.CheckEntries(entries, mistakes);
        mistakes.ThrowIfAny();
    }

    /// <summary>
    /// Checks the columns. Where some are missing, the instance is asked for its fields, so that the error names the mistakes of the fields as well. Where
    /// all columns are there, no call is made.
    /// </summary>
    /// <param name="options">What the push does.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="openCalls">Opens the calls that all pushes share.</param>
    /// <param name="cancellation">Ends the question.</param>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>; of several mistakes all, with the id of the first.</exception>
    public static async Task RunAsync(PushOptions options, IReadOnlyList<PushSource> sources, Func<Task<SharedCalls>> openCalls, CancellationToken cancellation)
    {
        var mistakes = FindMissing(options.Mapping, sources);
        if (!mistakes.HasAny) return;
        try
        {
            var calls = await openCalls().ConfigureAwait(false);
            await using var closing = calls.ConfigureAwait(false);
            var fields = await PushTarget.GetFieldsAsync(options.Connection, cancellation).ConfigureAwait(false);
            _ = Mapping.Check(options.Mapping, fields, options.Values, mistakes);
        }
        catch (SegmentPushException)
        {
            // Without the instance the missing columns are told all the same.
            Mapping.CheckEntries(options.Mapping, mistakes);
        }

        mistakes.ThrowIfAny();
    }

    private static MappingMistakes FindMissing(IReadOnlyList<SegmentMapping> entries, IReadOnlyList<PushSource> sources)
    {
        var mistakes = new MappingMistakes();
        if (sources.Any(source => !source.IsFetched)) return mistakes;
        if (sources.Count > 1) LetPartsLackColumns(entries, sources);
        foreach (var source in sources.Where(source => !source.IsEmpty))
            Mapping.CheckColumns(entries, source.Reader.Columns, source.FindColumn, source.Description, mistakes, source.IsPipeline);
        return mistakes;
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
