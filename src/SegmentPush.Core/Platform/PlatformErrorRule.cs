namespace SegmentPush.Platform;

/// <summary>What one failure means and what to do about it: a row of <see cref="PlatformErrors"/>.</summary>
/// <param name="Key">Adobe's code, <c>HTTP</c> and a status, or the error id of a fault that never reached Adobe's code.</param>
/// <param name="Class">What a client does.</param>
/// <param name="ErrorId">Stable name of the cause.</param>
/// <param name="Action">What the user can do; <c>{permission}</c> stands for the permission that the call needs.</param>
/// <param name="MayHaveRun">Whether the platform may have executed the call although it failed.</param>
/// <param name="EndsExport">Whether the export has failed for good, so that a push that waits for it can't go on.</param>
internal sealed record PlatformErrorRule(
    string Key, PlatformErrorClass Class, string ErrorId, MessageText Action, bool MayHaveRun = false, bool EndsExport = false);
