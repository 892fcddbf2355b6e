using SegmentPush.Destinations;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes.InStep;

namespace SegmentPush.Pushes;

/// <summary>What a push is to do.</summary>
internal sealed record PushOptions
{
    /// <summary>The instance.</summary>
    public required MarketoConnection Connection { get; init; }

    /// <summary>The list that people are put on.</summary>
    public required StaticListReference StaticList { get; init; }

    /// <summary>Which column fills which field, and which one finds the person.</summary>
    public required IReadOnlyList<SegmentMapping> Mapping { get; init; }

    /// <summary>Whether people may be created.</summary>
    public required PersonCreation PersonCreation { get; init; }

    /// <summary>What happens with the fields of people who exist.</summary>
    public required ExistingPeople ExistingPeople { get; init; }

    /// <summary>How Marketo is reached.</summary>
    public Delivery Delivery { get; init; } = Delivery.Auto;

    /// <summary>How files are imported.</summary>
    public BulkOptions Bulk { get; init; } = new();

    /// <summary>Lead partition; null for the instance's own rules.</summary>
    public string? Partition { get; init; }

    /// <summary>How long to wait for another push into the same list.</summary>
    public TimeSpan WaitForList { get; init; }

    /// <summary>Share of Marketo's daily quota that is left to others, in percent; null for the connection's own.</summary>
    public int? DailyCallReserve { get; init; }

    /// <summary>Most rows that may be rejected, in percent of all, 0 to 100. With more the push ends with an error.</summary>
    public int MaxRejectPercent { get; init; } = SegmentDestination.DefaultMaxRejectPercent;

    /// <summary>File for the rejected rows; null for none.</summary>
    public string? RejectPath { get; init; }

    /// <summary>How the journal keeps the identities of people.</summary>
    public JournalIdentity JournalIdentity { get; init; }

    /// <summary>What else is to be done for a destination; null for a push for none.</summary>
    public DestinationOptions? Destination { get; init; }

    /// <summary>Folder of the journal; null for the user's own.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>What happens with existing people where the user does not say.</summary>
    public static ExistingPeople DefaultFor(PersonCreation creation) =>
        creation == PersonCreation.MatchExisting ? ExistingPeople.Keep : ExistingPeople.Update;
}
