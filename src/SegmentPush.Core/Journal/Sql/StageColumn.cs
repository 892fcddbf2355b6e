namespace SegmentPush.Journal.Sql;

/// <summary>
/// Stages as the tables hold them. A check of the tables is older than the stage NotAdded, which is kept as Sent with Marketo's id: people at the stage Sent have
/// no id. Where such a person is not put back, the moment is 0.
/// </summary>
internal static class StageColumn
{
    /// <summary>The number of a stage.</summary>
    public static int ValueOf(Stage stage) => (int)(stage == Stage.NotAdded ? Stage.Sent : stage);

    /// <summary>The moment that goes with a person.</summary>
    public static long? SentOf(in PersonEntry person) => person.Sent?.UtcTicks ?? (person.Stage == Stage.NotAdded ? 0 : null);

    /// <summary>The moment that goes with a person; null for none.</summary>
    public static DateTimeOffset? ReadSent(DateTimeOffset? sent) => sent is { UtcTicks: 0 } ? null : sent;

    /// <summary>A condition: people are at a stage.</summary>
    public static string Is(Stage stage) => stage switch
    {
        Stage.Sent => $"(stage = {(int)Stage.Sent} AND marketo_id IS NULL)",
        Stage.NotAdded => $"(stage = {(int)Stage.Sent} AND marketo_id IS NOT NULL)",
        _ => $"stage = {(int)stage}",
    };
}
