namespace SegmentPush;

/// <summary>
/// An error of SegmentPush's own: what went wrong with which thing, and what to do about it.
/// Its text holds neither secrets nor people's data.
/// </summary>
public class SegmentPushException : Exception
{
    /// <summary>Id of the error with which the guard stops a push.</summary>
    internal const string GuardStopped = "GuardStopped";

    /// <summary>Id of the error of a push that activated nobody although rows came.</summary>
    internal const string NobodyArrived = "NobodyArrived";

    /// <summary>Id of the error of a push with too many rejected rows.</summary>
    internal const string TooManyRejected = "TooManyRejected";

    /// <summary>Id of the error of a push whose pipeline was cut off by the end of an earlier process.</summary>
    internal const string PipelineIncomplete = "PipelineIncomplete";

    /// <summary>Ids of errors of pushes that a resume would end in the same way: all people have their outcome, or are not to be sent.</summary>
    internal static IReadOnlyList<string> FinalErrors { get; } = [NobodyArrived, TooManyRejected, PipelineIncomplete];

    /// <summary>Id of the error of a journal that another program holds.</summary>
    internal const string JournalLocked = "JournalLocked";

    /// <summary>Id of the error of a journal whose database could not be reached for a while.</summary>
    internal const string JournalUnreachable = "JournalUnreachable";

    /// <summary>Id of the error of a process whose push another one may have taken over.</summary>
    internal const string JournalLeaseLost = "JournalLeaseLost";

    /// <summary>Id of the error of an import that is over, and does not account for all of its people.</summary>
    internal const string ImportIncomplete = "ImportIncomplete";

    private int? _exitCode;

    /// <summary>Makes an error.</summary>
    /// <param name="errorId">Short, stable, PascalCase name of the cause, such as <c>SourceColumnNotFound</c>.</param>
    /// <param name="message">One or two sentences: the thing, and what is wrong with it.</param>
    /// <param name="recommendedAction">One sentence that says what to do; null where the message says all.</param>
    /// <param name="target">The thing: a path, a field, a list.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public SegmentPushException(
        string errorId,
        MessageText message,
        MessageText? recommendedAction = null,
        object? target = null,
        Exception? innerException = null)
        : base(message.ToString(), innerException)
    {
        ErrorId = errorId;
        Text = message;
        Action = recommendedAction;
        RecommendedAction = recommendedAction?.ToString();
        Target = target;
    }

    /// <summary>Short, stable, PascalCase name of the cause.</summary>
    public string ErrorId { get; }

    /// <summary>
    /// What a scheduled task may end with; the same as the status of the push says. 1 after an error, 2 where it passes by itself, so that
    /// the push can be resumed as it is, 3 where the guard stopped the push, 4 where nobody arrived or too many rows were rejected.
    /// </summary>
    public int ExitCode => _exitCode ?? ExitCodes.Of(this);

    /// <summary>Whether nothing has to be mended before the same may be tried again.</summary>
    internal virtual bool PassesByItself => ErrorId is JournalLocked or JournalUnreachable or JournalLeaseLost or ImportIncomplete;

    /// <summary>Whether a push that is resumed would always end with it.</summary>
    internal virtual bool IsFinal => false;

    /// <summary>What to do, in one sentence.</summary>
    public string? RecommendedAction { get; }

    /// <summary>What happened, in each language; the message has the one of the UI culture that the error was made in.</summary>
    internal virtual MessageText Text { get; }

    /// <summary>What to do, in each language.</summary>
    internal MessageText? Action { get; }

    /// <summary>Takes over the exit code of the push that the error has ended.</summary>
    internal void EndWith(int exitCode) => _exitCode = exitCode;

    /// <summary>The thing that the error is about: a path, a field, a list.</summary>
    public object? Target { get; }
}
