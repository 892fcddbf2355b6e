namespace SegmentPush;

/// <summary>The one table of the stages that may follow each stage.</summary>
internal static class StageTransitions
{
    // Back to Received: a call was refused as a whole, an import left the person open, the person is gone from Marketo,
    // or the list was seen not to bear the outcome out.
    private static readonly Stage[][] s_next =
    [
        /* Received */ [Stage.Received, Stage.Sent, Stage.Written, Stage.Imported, Stage.SentOff, Stage.Settled, Stage.NotAdded],
        /* Sent     */ [Stage.Received, Stage.Sent, Stage.Written, Stage.Settled],
        /* Written  */ [Stage.Received, Stage.Written, Stage.Settled, Stage.NotAdded],
        /* Imported */ [Stage.Received, Stage.Settled],
        /* SentOff  */ [Stage.Received, Stage.SentOff, Stage.Settled],
        /* Settled  */ [Stage.Received],
        /* NotAdded */ [Stage.Received, Stage.Written, Stage.Settled, Stage.NotAdded],
    ];

    /// <summary>Whether a stage may follow another one.</summary>
    public static bool Permits(Stage from, Stage to) => Array.IndexOf(s_next[(int)from], to) >= 0;

    /// <summary>Checks a step from one stage to the next.</summary>
    /// <returns>The next stage.</returns>
    /// <exception cref="SegmentPushException">The table does not permit it (<c>SumsDisagree</c>).</exception>
    public static Stage Advance(Stage from, Stage to, long row) => Permits(from, to) ? to : throw new SegmentPushException(
        "SumsDisagree",
        $"Row {row} was to go from the stage {from} to {to}.",
        "This is a fault of SegmentPush: report it with the push's id; the journal holds what is certain.");
}
