namespace SegmentPush.Pushes;

/// <summary>What a push would do with one person.</summary>
public enum PersonAction
{
    /// <summary>The person is on the list as it should be.</summary>
    Unchanged = 0,

    /// <summary>The person would be created in Marketo and put on the list.</summary>
    Create = 1,

    /// <summary>The person is on the list, and its fields would be written.</summary>
    Update = 2,

    /// <summary>The person exists and would be put on the list; fields may be written too.</summary>
    Add = 3,

    /// <summary>The person would be taken off the list.</summary>
    Remove = 4,

    /// <summary>Nobody in Marketo has this identity, and nobody would be created.</summary>
    Unmatched = 5,

    /// <summary>Another row has the same identity.</summary>
    Duplicate = 6,

    /// <summary>The row is at fault; the reason says why.</summary>
    Reject = 7,

    /// <summary>The person's consent says no to marketing by email.</summary>
    NoConsent = 8,
}

/// <summary>What a push would do with one person, found out without changing anything.</summary>
public sealed record PersonPlan
{
    /// <summary>The file, <c>pipeline</c>, or <c>static list</c> for somebody that no row names.</summary>
    public required string Source { get; init; }

    /// <summary>Number of the row in its source; the first row of data is 1; null for somebody that no row names.</summary>
    public required long? Row { get; init; }

    /// <summary>What would be done.</summary>
    public required PersonAction Action { get; init; }

    /// <summary>The identity's value; null where only the list knows the person.</summary>
    public string? Identity { get; init; }

    /// <summary>The person's id in Marketo, where known.</summary>
    public long? MarketoId { get; init; }

    /// <summary>REST API names of the fields whose values in Marketo are others than the row's.</summary>
    public IReadOnlyList<string> Fields { get; init => field = ShownList.Of(value); } = ShownList.Of<string>([]);

    /// <summary>SegmentPush's code of the reason; null where all is well.</summary>
    public string? Code { get; init; }

    /// <summary>The reason in a sentence; null where all is well.</summary>
    public string? Reason { get; init; }

    /// <summary>The row, what would be done, and why.</summary>
    public override string ToString() => MessageText.Say(Row is { } row
        ? (MessageText)$"Row {row} of {Source}: {Action}{(Reason is null ? "" : $", {Reason}")}"
        : $"Id {MarketoId} of the static list: {Action}{(Reason is null ? "" : $", {Reason}")}");
}
