namespace SegmentPush.Pushes;

/// <summary>What can be told of a call whose answer was lost.</summary>
internal static class LostCalls
{
    // A process repeats a call whose answer was lost for some minutes; each call may run for 90 s.
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>Whether a person was created while a call, or its repetitions, ran. Later, others have created the person.</summary>
    /// <param name="match">The person as a lookup with creation found it.</param>
    /// <param name="sentAt">When the call was sent first, by Marketo's clock, which tells seconds and no fractions.</param>
    public static bool HasCreated(PersonMatches.Match match, DateTimeOffset sentAt) =>
        match.CreatedAt >= sentAt - TimeSpan.FromSeconds(1) && match.CreatedAt <= sentAt + s_longest;
}
