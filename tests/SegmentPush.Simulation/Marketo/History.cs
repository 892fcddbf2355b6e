using System.Globalization;

namespace SegmentPush.Simulation.Marketo;

/// <summary>Who did something.</summary>
internal enum Actor
{
    /// <summary>The product, with a call.</summary>
    Product,

    /// <summary>Somebody else.</summary>
    Others,
}

/// <summary>What was done to a person.</summary>
internal enum Deed
{
    Create,
    Write,
    AddToList,
    RemoveFromList,
    Delete,
    Rename,
}

/// <summary>Something that happened to a person.</summary>
/// <param name="Number">Its place in the history.</param>
/// <param name="At">When, by Marketo's clock.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Deed">What was done.</param>
/// <param name="PersonId">The person.</param>
internal sealed record Happening(int Number, DateTimeOffset At, Actor Actor, Deed Deed, long PersonId)
{
    /// <summary>The list.</summary>
    public long ListId { get; init; }

    /// <summary>Whether it changed who is on the list.</summary>
    public bool ChangedList { get; init; }

    /// <summary>The values that were sent; null clears.</summary>
    public IReadOnlyDictionary<string, string?> Values { get; init; } = new Dictionary<string, string?>();

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At:dd HH:mm:ss.fff} {Actor}: {Deed} {PersonId}{(ListId == 0 ? "" : $" list {ListId}{(ChangedList ? "" : ", which changes nothing")}")} {string.Join(", ", Values.Select(pair => $"{pair.Key}={pair.Value}"))}");
}

/// <summary>A call that the instance was sent.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What was called.</param>
/// <param name="Process">Number of the process that sent it.</param>
internal sealed record SentCall(DateTimeOffset At, Scenarios.CallKind Kind, int Process)
{
    /// <summary>People that it names, once it has arrived.</summary>
    public int Records { get; set; }

    /// <summary>Whether it is an import that can change nobody: it only asks whether the list is free.</summary>
    public bool IsProbe { get; set; }

    /// <summary>Whether Marketo's answer reached the process whole.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether Marketo executed it.</summary>
    public bool IsExecuted { get; set; }

    /// <summary>Whether Marketo refused the whole call.</summary>
    public bool WasRefused { get; set; }

    /// <summary>Whether a fault met it.</summary>
    public bool IsFaulty { get; set; }
}
