using SegmentPush.Journal;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>How the objects of a pipeline become the rows of a segment.</summary>
internal sealed record PipelineOptions
{
    /// <summary>Names or paths of the properties that fields are filled from.</summary>
    public required IReadOnlyList<string> Mapped { get; init; }

    /// <summary>Name or path of the property that finds the person; null where it is not known yet.</summary>
    public string? Identity { get; init; }

    /// <summary>How the objects tell who is in the segment and who has left it; null where all are in.</summary>
    public PipelineMembership? Membership { get; init; }

    /// <summary>Whether people are pushed although their objects say no to marketing by email.</summary>
    public bool IgnoresConsent { get; init; }

    /// <summary>Whether the other properties are kept too, for a reject file.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>Names of the mapped properties that the push reads. A list or an object in them is a fault.</summary>
    public required IReadOnlySet<string> Read { get; init; }

    /// <summary>Whether values that are no texts are marked, because texts are read in a culture.</summary>
    public bool MarksTypes { get; init; }

    /// <summary>Texts that mean no value; null for those that the names of the properties suggest.</summary>
    public IReadOnlyList<string>? NullText { get; init; }

    /// <summary>Where the rows are kept; null for the user's own journal.</summary>
    public JournalAddress? Journal { get; init; }

    /// <summary>Begins the push or the plan.</summary>
    public required Action<PushSource> Begin { get; init; }

    /// <summary>Called every few hundred objects.</summary>
    public required Action Pulse { get; init; }

    /// <summary>Takes warnings.</summary>
    public required Action<MessageText> Warn { get; init; }
}

/// <summary>How the objects of a pipeline tell who is in the segment and who has left it.</summary>
/// <param name="Property">Name or path of the property; null for the usual ones.</param>
internal sealed record PipelineMembership(string? Property);
