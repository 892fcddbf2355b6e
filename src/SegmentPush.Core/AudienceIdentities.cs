namespace SegmentPush;

/// <summary>Which addresses of a profile a push takes.</summary>
public enum AudienceIdentities
{
    /// <summary>One: the mapped one, else the primary one of its identities, else the first.</summary>
    First = 0,

    /// <summary>All, each as a row of its own: the mapped one, and those of its identities.</summary>
    All = 1,
}
