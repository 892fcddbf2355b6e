using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

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

    /// <summary>How values are read, and what happens with those that are not right for their fields. A destination has its own rules.</summary>
    public ValueRules Values
    {
        get => Destination is null ? field : ValuesRequest.RulesOf(Destination.Destination);
        init;
    } = ValueRules.Default;

    /// <summary>How Marketo is reached.</summary>
    public Delivery Delivery { get; init; } = Delivery.Auto;

    /// <summary>How files are imported.</summary>
    public BulkOptions Bulk { get; init; } = new();

    /// <summary>Lead partition; null for the instance's own rules.</summary>
    public string? Partition { get; init; }

    /// <summary>How long to wait for another push into the same list.</summary>
    public TimeSpan WaitForList { get; init; }

    /// <summary>Whether nothing is done where the newest complete push of the destination has done the same.</summary>
    public bool Once { get; init; }

    /// <summary>Share of Marketo's daily quota that is left to others, in percent; null for the connection's own.</summary>
    public int? DailyCallReserve { get; init; }

    /// <summary>Most rows that may be rejected, in percent of all, 0 to 100. With more the push ends with an error.</summary>
    public int MaxRejectPercent { get; init; } = SegmentDestination.DefaultMaxRejectPercent;

    /// <summary>Whether people are pushed whose consent says no to marketing by email. A destination says so itself.</summary>
    public bool IgnoreConsent
    {
        get => Destination?.Destination.IgnoreConsent ?? field;
        init;
    }

    /// <summary>File for the rejected rows; null for none.</summary>
    public string? RejectPath { get; init; }

    /// <summary>How the journal keeps the identities of people.</summary>
    public JournalIdentity JournalIdentity { get; init; }

    /// <summary>What else is to be done for a destination; null for a push for none.</summary>
    public DestinationOptions? Destination { get; init; }

    /// <summary>The journal; null for the user's own.</summary>
    public JournalAddress? Journal { get; init; }

    /// <summary>Names of the columns whose cells are read, without that of the membership: the identity's, and those of fields that are sent.</summary>
    public IReadOnlySet<string> ColumnsRead()
    {
        bool creates = PersonCreation == PersonCreation.MatchExistingAndCreateMissing, updates = ExistingPeople == ExistingPeople.Update;
        var identity = Mappings.Mapping.IdentityOf(Mapping);
        return Mapping
            .Where(entry => !entry.IsConstant && (entry == identity || creates || (updates && !TargetField.IsOfCompany(entry.Target))))
            .Select(entry => entry.Source).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What happens with existing people where the user does not say.</summary>
    public static ExistingPeople DefaultFor(PersonCreation creation) =>
        creation == PersonCreation.MatchExisting ? ExistingPeople.Keep : ExistingPeople.Update;
}
