namespace SegmentPush.Pushes;

/// <summary>What a push would do, found out without changing anything. Numbers are of people.</summary>
public sealed record PushPlan
{
    /// <summary>Munchkin id of the instance, or the host of its endpoint.</summary>
    public required string Instance { get; init; }

    /// <summary>REST id of the static list.</summary>
    public required long StaticListId { get; init; }

    /// <summary>Name of the static list.</summary>
    public required string StaticListName { get; init; }

    /// <summary>The files, or <c>pipeline</c>.</summary>
    public required IReadOnlyList<string> Source { get; init => field = ShownList.Of(value); }

    /// <summary>The form of each source, as a line: format, compression, encoding, delimiter, escape, null text, columns, rows.</summary>
    public IReadOnlyList<string> Form { get; init => field = ShownList.Of(value); } = ShownList.Of<string>([]);

    /// <summary>The destination; null where the push is for none.</summary>
    public string? Destination { get; init; }

    /// <summary>How the list is kept in step; null where the push is for no destination.</summary>
    public PushMode? Mode { get; init; }

    /// <summary>Whether people may be created.</summary>
    public required PersonCreation PersonCreation { get; init; }

    /// <summary>What happens with the fields of existing people.</summary>
    public required ExistingPeople ExistingPeople { get; init; }

    /// <summary>How Marketo would be reached.</summary>
    public required Delivery Delivery { get; init; }

    /// <summary>Why Marketo is reached that way.</summary>
    public required string DeliveryReason { get; init; }

    /// <summary>Lead partition; null for the instance's own rules.</summary>
    public string? Partition { get; init; }

    /// <summary>Rows read.</summary>
    public required long Received { get; init; }

    /// <summary>People who exist in Marketo now.</summary>
    public required long WouldMatch { get; init; }

    /// <summary>People who would be created.</summary>
    public required long WouldCreate { get; init; }

    /// <summary>Existing people whose mapped fields would be written.</summary>
    public required long WouldUpdate { get; init; }

    /// <summary>People who would be put on the list; some may be on it already.</summary>
    public required long WouldAdd { get; init; }

    /// <summary>People who would be taken off the list.</summary>
    public long WouldRemove { get; init; }

    /// <summary>People who are on the list as they should be.</summary>
    public long Unchanged { get; init; }

    /// <summary>Why the guard would stop the push before the first removal, or what <c>-Force</c> lets through; null where the guard has no reason.</summary>
    public string? GuardReason { get; init; }

    /// <summary>
    /// Why the push would end with exit code 4, because nobody arrives or too many rows are rejected; null where it would not, as far as
    /// that can be told without sending.
    /// </summary>
    public string? ArrivalReason { get; init; }

    /// <summary>Rows that would be rejected before anything is sent. Marketo may reject more.</summary>
    public required long WouldReject { get; init; }

    /// <summary>Values that would be left out because they are not right for their fields: with <see cref="BadField.LeaveOut"/>.</summary>
    public long ValuesLeftOut { get; init; }

    /// <summary>People who don't exist in Marketo and would not be created.</summary>
    public required long Unmatched { get; init; }

    /// <summary>People who would be left out because their consent says no to marketing by email.</summary>
    public long NoConsent { get; init; }

    /// <summary>Rows whose identity an earlier row has.</summary>
    public required long Duplicate { get; init; }

    /// <summary>Identities that match several people. The most recently updated person would be taken.</summary>
    public required long MultipleMatches { get; init; }

    /// <summary>API calls that the push would make.</summary>
    public required long Calls { get; init; }

    /// <summary>Share of Marketo's daily quota that these calls are, 0 to 1.</summary>
    public double QuotaShare { get; init; }

    /// <summary>How long the push would take at the permitted pace and the speed at which Marketo answered now.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The plan in a line: where people would go, and how many.</summary>
    public override string ToString() =>
        MessageText.Say($"Plan for {Destination ?? StaticListName}: {Counted.People(WouldAdd)} to add, {WouldRemove} to remove, {WouldCreate} to create, {Counted.Calls(Calls)}");
}
