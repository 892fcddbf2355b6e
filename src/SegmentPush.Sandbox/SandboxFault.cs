namespace SegmentPush.Sandbox;

/// <summary>What a fault does.</summary>
public enum SandboxFaultKind
{
    /// <summary>The call is refused with a code of Marketo's, and nothing is executed.</summary>
    Error,

    /// <summary>The call is executed, and then answered with a code of Marketo's.</summary>
    ErrorAfter,

    /// <summary>An HTTP status without a body of Marketo's; nothing is executed.</summary>
    HttpStatus,

    /// <summary>A body that Marketo would not send; nothing is executed.</summary>
    Body,

    /// <summary>The connection is broken before anything is executed.</summary>
    BreakBefore,

    /// <summary>The call is executed, and the connection broken instead of an answer.</summary>
    BreakAfter,

    /// <summary>The call is executed, and half of the answer sent.</summary>
    Truncate,

    /// <summary>The answer comes late.</summary>
    Delay,

    /// <summary>Single records of a sync or an import are skipped.</summary>
    RejectRecords,
}

/// <summary>Something that goes wrong.</summary>
public sealed record SandboxFault
{
    private SandboxFault()
    {
    }

    /// <summary>What it does.</summary>
    public SandboxFaultKind Kind { get; private init; }

    /// <summary>Path of the calls that it meets, or its beginning and a star; null for all but the token's.</summary>
    public string? Path { get; init; }

    /// <summary>Method of the calls that it meets; null for all.</summary>
    public string? Method { get; init; }

    /// <summary>How many such calls pass before it begins.</summary>
    public int After { get; init; }

    /// <summary>How many calls it meets; then it is over.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Share of such calls that it meets, 0 to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Marketo's code, or the HTTP status.</summary>
    public string Code { get; private init; } = "";

    /// <summary>Text that goes with the code, or the body.</summary>
    public string Message { get; private init; } = "";

    /// <summary>Content type of <see cref="Message"/> as a body.</summary>
    public string ContentType { get; private init; } = "text/html";

    /// <summary>Value of a Retry-After header, in seconds; null for none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>How late the answer comes.</summary>
    public TimeSpan Time { get; private init; }

    /// <summary>Which records are skipped, by their JSON or their line.</summary>
    internal Func<string, bool> Record { get; private init; } = _ => true;

    /// <summary>An error code for the whole call.</summary>
    public static SandboxFault Error(string code, string message) => new() { Kind = SandboxFaultKind.Error, Code = code, Message = message };

    /// <summary>An error code for a call that was executed nevertheless.</summary>
    public static SandboxFault ErrorAfter(string code, string message) =>
        new() { Kind = SandboxFaultKind.ErrorAfter, Code = code, Message = message };

    /// <summary>An HTTP status, with any body.</summary>
    public static SandboxFault HttpStatus(int status, string body = "", string contentType = "text/html") => new()
    {
        Kind = SandboxFaultKind.HttpStatus,
        Code = status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Message = body,
        ContentType = contentType,
    };

    /// <summary>HTTP 200 with a body that is not Marketo's.</summary>
    public static SandboxFault Body(string body, string contentType = "application/json") =>
        new() { Kind = SandboxFaultKind.Body, Code = "200", Message = body, ContentType = contentType };

    /// <summary>A broken connection; nothing was executed.</summary>
    public static SandboxFault BreakBefore() => new() { Kind = SandboxFaultKind.BreakBefore };

    /// <summary>A lost answer; the call was executed.</summary>
    public static SandboxFault BreakAfter() => new() { Kind = SandboxFaultKind.BreakAfter };

    /// <summary>Half an answer; the call was executed.</summary>
    public static SandboxFault Truncate() => new() { Kind = SandboxFaultKind.Truncate };

    /// <summary>A late answer.</summary>
    public static SandboxFault Delay(TimeSpan time) => new() { Kind = SandboxFaultKind.Delay, Time = time };

    /// <summary>Skips records of syncs and imports.</summary>
    /// <param name="code">Code of the reason.</param>
    /// <param name="message">Text of the reason.</param>
    /// <param name="record">Which ones, by their JSON or their line of CSV.</param>
    public static SandboxFault RejectRecords(string code, string message, Func<string, bool> record) =>
        new() { Kind = SandboxFaultKind.RejectRecords, Code = code, Message = message, Record = record };
}
