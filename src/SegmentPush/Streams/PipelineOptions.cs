using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>How the objects of a pipeline become the rows of a segment.</summary>
internal sealed record PipelineOptions
{
    /// <summary>Names or paths of the properties that fields are filled from.</summary>
    public required IReadOnlyList<string> Mapped { get; init; }

    /// <summary>Name or path of the property that finds the person; null where it is not known yet.</summary>
    public string? Identity { get; init; }

    /// <summary>Whether the other properties are kept too: for a reject file, or because one of them tells the membership.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>Names of the properties that the push reads, in which a list or an object is a fault; null for all that are mapped.</summary>
    public IReadOnlySet<string>? Read { get; init; }

    /// <summary>Whether values that are no texts are marked, because texts are read in a culture.</summary>
    public bool MarksTypes { get; init; }

    /// <summary>Texts that mean no value; null for those that the names of the properties suggest.</summary>
    public IReadOnlyList<string>? NullText { get; init; }

    /// <summary>Where the rows are kept; null for the user's own journal.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>Begins the push or the plan.</summary>
    public required Action<PushSource> Begin { get; init; }

    /// <summary>Called every few hundred objects.</summary>
    public required Action Pulse { get; init; }

    /// <summary>Takes warnings.</summary>
    public required Action<string> Warn { get; init; }
}
