namespace SegmentPush.Pushes;

/// <summary>How a push is undone.</summary>
internal sealed record UndoOptions
{
    /// <summary>How it is sent; the same as for resuming.</summary>
    public required ResumeOptions Sending { get; init; }

    /// <summary>Whether the guard lets everything through.</summary>
    public bool Force { get; init; }

    /// <summary>Whether the push is undone by itself, also where later pushes or an earlier undo have changed the list.</summary>
    public bool Alone { get; init; }

    /// <summary>Most people that may be taken off the list; null for the destination's own number.</summary>
    public int? MaxRemovals { get; init; }
}
