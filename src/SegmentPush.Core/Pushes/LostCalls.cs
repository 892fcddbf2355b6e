namespace SegmentPush.Pushes;

/// <summary>What can be told of a call whose answer was lost.</summary>
internal static class LostCalls
{
    /// <summary>Whether a person was created since a call was sent.</summary>
    /// <param name="match">The person as a lookup with creation found it.</param>
    /// <param name="sentAt">When the call was sent, by Marketo's clock, which tells seconds and no fractions.</param>
    public static bool HasCreated(PersonMatches.Match match, DateTimeOffset sentAt) => match.CreatedAt >= sentAt - TimeSpan.FromSeconds(1);
}
