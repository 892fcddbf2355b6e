using System.Runtime.CompilerServices;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Completion;

/// <summary>What completers offer of the connected instance; nothing where the session is not connected, or the instance does not answer in time.</summary>
internal static class InstanceCompletion
{
    private static readonly ConditionalWeakTable<MarketoConnection, SlowAnswers> s_answers = [];

    /// <summary>The fields of people.</summary>
    public static IReadOnlyList<LeadField> Fields(CompletionLine line) =>
        Ask<LeadField>(line, "fields", async (connection, stop) => [.. await connection.Facts.DescribeAsync(stop).ConfigureAwait(false)]);

    /// <summary>The lead partitions.</summary>
    public static IReadOnlyList<LeadPartition> Partitions(CompletionLine line) =>
        Ask(line, "partitions", (connection, stop) => connection.Facts.GetPartitionsAsync(stop));

    /// <summary>The folders and programs.</summary>
    public static IReadOnlyList<Folder> Folders(CompletionLine line) =>
        Ask<Folder>(line, "folders", async (connection, stop) => await connection.Folders.GetAsync(null, stop).ToListAsync(stop).ConfigureAwait(false));

    /// <summary>The static lists.</summary>
    public static IReadOnlyList<StaticList> StaticLists(CompletionLine line) =>
        Ask<StaticList>(line, "lists", async (connection, stop) => await connection.StaticLists.GetAsync(null, stop).ToListAsync(stop).ConfigureAwait(false));

    private static IReadOnlyList<T> Ask<T>(CompletionLine line, string question, Func<MarketoConnection, CancellationToken, Task<IReadOnlyList<T>>> ask) =>
        line.Connection is { } connection ? s_answers.GetOrCreateValue(connection).Get(question, stop => ask(connection, stop)) : [];
}
