using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>The proof of a push: that everybody is accounted for, and that the list holds the right people.</summary>
public sealed record PushReceipt
{
    // People read it, so a reason stands there as it is.
    private static readonly ReceiptJson s_json = new(new JsonSerializerOptions(ReceiptJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The push.</summary>
    public required Guid PushId { get; init; }

    /// <summary>How it ended.</summary>
    public required PushState State { get; init; }

    /// <summary>Why it did not complete; null where it did.</summary>
    public string? Reason { get; init; }

    /// <summary>The destination; null where it was for none.</summary>
    public string? Destination { get; init; }

    /// <summary>How it kept the list in step; null where it was for no destination.</summary>
    public PushMode? Mode { get; init; }

    /// <summary>The push that it undid; null where it is no undo.</summary>
    public Guid? UndoOf { get; init; }

    /// <summary>Munchkin id of the instance, or the host of its endpoint.</summary>
    public required string Instance { get; init; }

    /// <summary>REST id of the static list.</summary>
    public required long StaticListId { get; init; }

    /// <summary>Name of the static list.</summary>
    public required string StaticListName { get; init; }

    /// <summary>Where its people came from.</summary>
    public required IReadOnlyList<string> Source { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The sums of its people.</summary>
    public required PeopleSums People { get; init; }

    /// <summary>The sums of its list; null where the push was for no destination.</summary>
    public ListSums? List { get; init; }

    /// <summary>API calls made.</summary>
    public long Calls { get; init; }

    /// <summary>Makes the receipt of a push.</summary>
    /// <param name="status">The push.</param>
    /// <param name="list">The sums of its list, if they are known.</param>
    internal static PushReceipt Of(PushStatus status, ListSums? list) => new()
    {
        PushId = status.Id,
        State = status.State,
        Reason = status.Reason,
        Destination = status.Destination,
        Mode = status.Mode,
        UndoOf = status.UndoOf,
        Instance = status.Instance,
        StaticListId = status.StaticListId,
        StaticListName = status.StaticListName,
        Source = status.Source,
        Started = status.Started,
        Ended = status.Ended,
        People = PeopleSums.Of(status),
        List = list is null ? null : list with { Added = status.Added, Removed = status.Removed, SentOff = null, Uploaded = null, MissesImportedRows = false, Last = null },
        Calls = status.Calls,
    };

    /// <summary>The receipt as JSON.</summary>
    internal string ToText() => JsonSerializer.Serialize(this, s_json.PushReceipt);

    /// <summary>Reads the list's sums that a push has left.</summary>
    internal static ListSums? ParseList(string? text) => text is null ? null : JsonSerializer.Deserialize(text, ReceiptJson.Default.ListSums);

    /// <summary>The list's sums as JSON.</summary>
    internal static string TextOf(ListSums list) => JsonSerializer.Serialize(list, ReceiptJson.Default.ListSums);
}

/// <summary>The sums of a push's people.</summary>
public sealed record PeopleSums
{
    /// <summary>Rows read, and people to be taken off the list that no row names.</summary>
    public long Received { get; init; }

    /// <summary>Added, already members, removed, not members.</summary>
    public long Activated { get; init; }

    /// <summary>Unmatched, without an identity, without consent, and duplicates.</summary>
    public long Excluded { get; init; }

    /// <summary>Rejected, and people not delivered.</summary>
    public long Failed { get; init; }

    /// <summary>People put on the list.</summary>
    public long Added { get; init; }

    /// <summary>People who were on the list.</summary>
    public long AlreadyMember { get; init; }

    /// <summary>People taken off the list.</summary>
    public long Removed { get; init; }

    /// <summary>People to be taken off who were not on the list.</summary>
    public long NotMember { get; init; }

    /// <summary>People whose identity nobody in Marketo has.</summary>
    public long Unmatched { get; init; }

    /// <summary>Profiles of an audience without an identity that could find the person.</summary>
    public long NoIdentity { get; init; }

    /// <summary>People whose consent says no to marketing by email.</summary>
    public long NoConsent { get; init; }

    /// <summary>Rows whose identity another row has.</summary>
    public long Duplicate { get; init; }

    /// <summary>Rows that could not be pushed.</summary>
    public long Rejected { get; init; }

    /// <summary>People whose turn did not come.</summary>
    public long NotDelivered { get; init; }

    /// <summary>People created in Marketo; the least where <see cref="ChangesAreKnown"/> is false.</summary>
    public long Created { get; init; }

    /// <summary>People whose fields were written; the least where <see cref="ChangesAreKnown"/> is false.</summary>
    public long Updated { get; init; }

    /// <summary>Whether created and updated people can be told apart. An import of people who may exist does not tell.</summary>
    public bool ChangesAreKnown { get; init; }

    /// <summary>Values that were left out because they are not right for their fields.</summary>
    public long ValuesLeftOut { get; init; }

    /// <summary>Whether received = activated + excluded + failed.</summary>
    public bool Agree { get; init; }

    internal static PeopleSums Of(PushStatus status) => new()
    {
        Received = status.Received,
        Activated = status.Activated,
        Excluded = status.Excluded,
        Failed = status.Failed,
        Added = status.Added,
        AlreadyMember = status.AlreadyMember,
        Removed = status.Removed,
        NotMember = status.NotMember,
        Unmatched = status.Unmatched,
        NoIdentity = status.NoIdentity,
        NoConsent = status.NoConsent,
        Duplicate = status.Duplicate,
        Rejected = status.Rejected,
        NotDelivered = status.NotDelivered,
        Created = status.Created,
        Updated = status.Updated,
        ChangesAreKnown = status.ChangesAreKnown,
        ValuesLeftOut = status.ValuesLeftOut,
        Agree = status.Received == status.Activated + status.Excluded + status.Failed,
    };
}

/// <summary>How receipts are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(PushReceipt))]
[JsonSerializable(typeof(ListSums))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
