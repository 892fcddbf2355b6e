namespace SegmentPush.Marketo;

/// <summary>What one failure means and what to do about it: a row of <see cref="ErrorClasses"/>.</summary>
/// <param name="Key">Marketo's code, <c>HTTP</c> and a status, or the error id of a fault that never reached Marketo's code.</param>
/// <param name="Class">What a client does.</param>
/// <param name="ErrorId">Stable name of the cause.</param>
/// <param name="Action">One sentence that says what the user can do.</param>
/// <param name="MayHaveRun">Whether Marketo may have executed the call although it failed.</param>
internal sealed record ErrorRule(
    string Key, MarketoErrorClass Class, string ErrorId, MessageText Action, bool MayHaveRun = false);
