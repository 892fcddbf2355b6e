namespace SegmentPush.Calls;

/// <summary>One attempt of a call, as it can be shown to the user: without secrets and without people's data.</summary>
/// <param name="Call">Method and path, such as <c>POST /rest/v1/leads.json</c>.</param>
/// <param name="Attempt">1 for the first attempt, 2 and more for repeats.</param>
/// <param name="Duration">From sending to the end of the answer.</param>
/// <param name="Status">HTTP status; null where no answer came.</param>
/// <param name="Codes">The server's codes of a failed call; empty where it succeeded or never reached the server.</param>
/// <param name="ErrorId">Name of the failure; null where the attempt succeeded.</param>
/// <param name="WaitBefore">Time spent on the pace and on waits between attempts before this one was sent.</param>
/// <param name="Records">Number of people the call carries; 0 where it carries none.</param>
public sealed record CallReport(
    string Call,
    int Attempt,
    TimeSpan Duration,
    int? Status,
    IReadOnlyList<string> Codes,
    string? ErrorId,
    TimeSpan WaitBefore,
    int Records)
{
    /// <summary>Whether the server executed the call.</summary>
    public bool Succeeded => ErrorId is null;
}
