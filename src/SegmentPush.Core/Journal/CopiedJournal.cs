namespace SegmentPush.Journal;

/// <summary>What was taken along from the journal of one machine into a journal that several machines share.</summary>
public sealed record CopiedJournal
{
    /// <summary>The folder that it was taken from.</summary>
    public required string From { get; init; }

    /// <summary>The address of the database, without password.</summary>
    public required string Journal { get; init; }

    /// <summary>How many pushes were taken along, each with its people.</summary>
    public required int Pushes { get; init; }

    /// <summary>How many pushes were there already.</summary>
    public required int PushesThere { get; init; }

    /// <summary>How many destinations were taken along.</summary>
    public required int Destinations { get; init; }

    /// <summary>Names of the destinations that were there already, and stay as they are there.</summary>
    public required IReadOnlyList<string> DestinationsThere { get; init => field = ShownList.Of(value); }

    /// <summary>How many snapshots of lists were taken along. The first push into any other list reads it.</summary>
    public required int Snapshots { get; init; }

    /// <summary>
    /// Whether the shared journal hashes identities with the same key. With another one snapshots stay behind, and hashed identities of the pushes that
    /// were taken along are not found again.
    /// </summary>
    public required bool HasSameKey { get; init; }

    /// <summary>What was taken along, in a line.</summary>
    public override string ToString() => MessageText.Join(", ",
    [
        MessageText.Plural(Pushes, $"{Pushes:N0} push", $"{Pushes:N0} pushes"),
        Counted.Destinations(Destinations),
        MessageText.Plural(Snapshots, $"{Snapshots:N0} snapshot", $"{Snapshots:N0} snapshots"),
    ]).ToString();
}
