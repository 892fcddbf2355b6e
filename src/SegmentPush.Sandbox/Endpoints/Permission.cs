namespace SegmentPush.Sandbox.Endpoints;

/// <summary>What the API-only user must be allowed to do for a call.</summary>
internal enum Permission
{
    /// <summary>To read, which it always may.</summary>
    ReadOnly,

    /// <summary><c>Read-Write Lead</c>.</summary>
    ReadWriteLead,

    /// <summary><c>Read-Write Assets</c>.</summary>
    ReadWriteAssets,
}
