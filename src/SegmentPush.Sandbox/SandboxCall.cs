namespace SegmentPush.Sandbox;

/// <summary>A call that the sandbox got.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without query.</param>
/// <param name="Query">Query as it came, without question mark.</param>
/// <param name="BodyLength">Length of the body in bytes.</param>
/// <param name="Status">HTTP status of the answer; 0 where the connection was broken.</param>
/// <param name="Code">Error code of the whole call; null where it succeeded.</param>
/// <param name="Started">When it came.</param>
public sealed record SandboxCall(
    string Method, string Path, string Query, int BodyLength, int Status, string? Code, DateTimeOffset Started);
