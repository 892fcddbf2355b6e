namespace SegmentPush.Pushes;

/// <summary>What stops a push where no error of its own does.</summary>
internal enum PushStop
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The user, or the end of the session.</summary>
    Stopped,

    /// <summary>The same, or an error of another command of its pipeline, while objects were still to come. Nobody can bring them later.</summary>
    StoppedInPipeline,
}
