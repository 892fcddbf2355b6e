namespace SegmentPush.Marketo;

/// <summary>A call to Marketo that failed for good, with what Marketo or the network said and what to do.</summary>
public class MarketoException : SegmentPushException
{
    internal MarketoException(
        ErrorRule rule, string call, MessageText message, FailureFacts? facts = null, Exception? innerException = null)
        : base(rule.ErrorId, message, rule.Action, call, innerException)
    {
        Rule = rule;
        Call = call;
        Class = rule.Class;
        Facts = facts ?? FailureFacts.None;
    }

    /// <summary>Marketo's error code, such as <c>603</c>; null where Marketo gave none.</summary>
    public string? Code => Facts.Code;

    /// <summary>Marketo's id of the request, for Adobe support; null where Marketo gave none.</summary>
    public string? RequestId => Facts.RequestId;

    /// <summary>HTTP status of the answer; null where no answer came.</summary>
    public int? HttpStatus => Facts.HttpStatus;

    /// <summary>When Marketo's daily quota resets (00:00 US Central); null unless the quota is the cause.</summary>
    public DateTimeOffset? QuotaResets => Facts.QuotaResets;

    /// <summary>What kind of failure it is.</summary>
    public MarketoErrorClass Class { get; }

    /// <summary>Whether the same call may succeed at another time.</summary>
    public bool Retryable => Class is MarketoErrorClass.Wait or MarketoErrorClass.SlowDown
        or MarketoErrorClass.Reauthenticate or MarketoErrorClass.QueueFull or MarketoErrorClass.StopForToday;

    /// <summary>Method and path of the call, such as <c>POST /rest/v1/leads.json</c>; never its parameters.</summary>
    public string Call { get; }

    /// <summary>How many times the call was tried.</summary>
    public int Attempts { get; internal set; } = 1;

    /// <inheritdoc/>
    public override string Message => Text.ToString();

    /// <inheritdoc/>
    internal override MessageText Text => Attempts > 1 ? $"{base.Text} Tried {Attempts} times." : base.Text;

    /// <inheritdoc/>
    internal override bool PassesByItself => Retryable || Class == MarketoErrorClass.AnswerLost;

    /// <summary>Whether Marketo may have executed the call, in this attempt or in one before.</summary>
    internal bool MayHaveRun { get; set; }

    /// <summary>The same failure for a call that Marketo may have executed in an attempt before.</summary>
    internal MarketoException OfCallThatMayHaveRun() => new(Rule, Call, base.Text, Facts, this) { Attempts = Attempts, MayHaveRun = true };

    internal ErrorRule Rule { get; }

    /// <summary>The failure of the attempt that it stands for.</summary>
    internal AttemptFailure Attempt => new(ErrorId, Facts.Codes, Class == MarketoErrorClass.SlowDown, Rule.MayHaveRun);

    internal FailureFacts Facts { get; }
}
