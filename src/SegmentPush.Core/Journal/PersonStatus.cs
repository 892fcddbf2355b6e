namespace SegmentPush.Journal;

/// <summary>What became of one person of a push.</summary>
public sealed record PersonStatus
{
    /// <summary>The push.</summary>
    public required Guid PushId { get; init; }

    /// <summary>When the push began, UTC.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>The destination that the push was for; null where it was for none.</summary>
    public string? Destination { get; init; }

    /// <summary>REST id of the static list of the push.</summary>
    public long StaticListId { get; init; }

    /// <summary>Name of the static list when the push began.</summary>
    public string StaticListName { get; init; } = string.Empty;

    /// <summary>The file, <c>pipeline</c>, or <c>static list</c> for somebody that no row names.</summary>
    public required string Source { get; init; }

    /// <summary>Number of the row in its source; the first row of data is 1; null for somebody that no row names.</summary>
    public long? Row => Source == SourceEntry.StaticList.Name ? null : Number;

    /// <summary>Number of the person in its source.</summary>
    internal long Number { get; init; }

    /// <summary>The identity's value, as far as it could be read; null where the journal keeps hashes.</summary>
    public string? Identity { get; init; }

    /// <summary>What became of the person.</summary>
    public required PersonOutcome Outcome { get; init; }

    /// <summary>What happened to the person's record.</summary>
    public required PersonChange Change { get; init; }

    /// <summary>SegmentPush's or Marketo's code of the reason; null where all went well.</summary>
    public string? Code { get; init; }

    /// <summary>The reason in a sentence; null where all went well.</summary>
    public string? Reason { get; init; }

    /// <summary>Source column at fault, if one is.</summary>
    public string? Column { get; init; }

    /// <summary>Length of the value at fault, in characters.</summary>
    public int? ValueLength { get; init; }

    /// <summary>The person's id in Marketo, where known.</summary>
    public long? MarketoId { get; init; }

    /// <summary>The same with what is known of its push.</summary>
    internal PersonStatus In(PushStatus push) => this with
    {
        Started = push.Started, Destination = push.Destination, StaticListId = push.StaticListId, StaticListName = push.StaticListName,
    };

    /// <summary>The row, what became of its person, and why. It holds no identity.</summary>
    public override string ToString() => MessageText.Say(Row is { } row
        ? (MessageText)$"Row {row} of {Source}: {Outcome}{(Reason is null ? "" : $", {Reason}")}"
        : $"Id {MarketoId} of the static list: {Outcome}{(Reason is null ? "" : $", {Reason}")}");
}
