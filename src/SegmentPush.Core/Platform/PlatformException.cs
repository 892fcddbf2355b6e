namespace SegmentPush.Platform;

/// <summary>A call to Experience Platform that failed for good, with what Adobe or the network said and what to do.</summary>
public sealed class PlatformException : SegmentPushException
{
    private const string NoPermission = "that the call needs";

    internal PlatformException(
        PlatformErrorRule rule, PlatformCall call, MessageText message, PlatformFailure? facts = null, Exception? innerException = null)
        : base(rule.ErrorId, message, ActionOf(rule, call), call.Name, innerException)
    {
        Rule = rule;
        Class = rule.Class;
        PlatformCall = call;
        Facts = facts ?? PlatformFailure.None;
    }

    /// <summary>Adobe's error code, such as <c>403025</c>; null where Adobe gave none.</summary>
    public string? Code => Facts.Code;

    /// <summary>Adobe's id of the request, for Adobe support; null where Adobe gave none.</summary>
    public string? RequestId => Facts.RequestId;

    /// <summary>HTTP status of the answer; null where no answer came.</summary>
    public int? HttpStatus => Facts.HttpStatus;

    /// <summary>What kind of failure it is.</summary>
    public PlatformErrorClass Class { get; }

    /// <summary>Whether the same call may succeed at another time.</summary>
    public bool Retryable => Class is PlatformErrorClass.Wait or PlatformErrorClass.SlowDown or PlatformErrorClass.Reauthenticate;

    /// <summary>Method and path of the call; never its parameters.</summary>
    public string Call => PlatformCall.Name;

    /// <summary>How many times the call was tried.</summary>
    public int Attempts { get; internal set; } = 1;

    /// <inheritdoc/>
    public override string Message => Text.ToString();

    /// <inheritdoc/>
    internal override MessageText Text => Attempts > 1 ? $"{base.Text} Tried {Attempts} times." : base.Text;

    /// <inheritdoc/>
    internal override bool PassesByItself => Class is PlatformErrorClass.Wait or PlatformErrorClass.SlowDown or PlatformErrorClass.AnswerLost;

    /// <inheritdoc/>
    internal override bool IsFinal => Rule.EndsExport;

    internal PlatformErrorRule Rule { get; }

    internal PlatformCall PlatformCall { get; }

    internal PlatformFailure Facts { get; }

    /// <summary>The failure of the attempt that it stands for.</summary>
    internal AttemptFailure Attempt => new(
        ErrorId, Code is null ? [] : [Code], Class == PlatformErrorClass.SlowDown, Rule.MayHaveRun);

    /// <summary>The same failure of a call that must not be repeated blindly.</summary>
    internal PlatformException AsAnswerLost() =>
        new(Rule with { Class = PlatformErrorClass.AnswerLost }, PlatformCall, base.Text, Facts, this);

    private static MessageText ActionOf(PlatformErrorRule rule, PlatformCall call) =>
        rule.Action.With("{permission}", call.Permission is { } permission ? MessageText.AsIs($"'{permission}'") : NoPermission);
}

/// <summary>What is known of a failed call besides its rule.</summary>
internal sealed record PlatformFailure
{
    public static readonly PlatformFailure None = new();

    public string? Code { get; init; }

    public string? RequestId { get; init; }

    public int? HttpStatus { get; init; }

    /// <summary>How long the server asks to wait, already bounded.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
