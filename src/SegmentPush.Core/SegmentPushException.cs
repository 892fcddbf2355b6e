namespace SegmentPush;

/// <summary>
/// An error of SegmentPush's own: what went wrong with which thing, and what to do about it.
/// Its text holds neither secrets nor people's data.
/// </summary>
public class SegmentPushException : Exception
{
    /// <summary>Id of the error with which the guard stops a push.</summary>
    internal const string GuardStopped = "GuardStopped";

    /// <summary>Makes an error.</summary>
    /// <param name="errorId">Short, stable, PascalCase name of the cause, such as <c>SourceColumnNotFound</c>.</param>
    /// <param name="message">One or two sentences: the thing, and what is wrong with it.</param>
    /// <param name="recommendedAction">One sentence that says what to do; null where the message says all.</param>
    /// <param name="target">The thing: a path, a field, a list.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public SegmentPushException(
        string errorId,
        string message,
        string? recommendedAction = null,
        object? target = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        RecommendedAction = recommendedAction;
        Target = target;
    }

    /// <summary>Short, stable, PascalCase name of the cause.</summary>
    public string ErrorId { get; }

    /// <summary>What a scheduled task may end with: 3 where the guard stopped a push, 1 otherwise.</summary>
    public int ExitCode => ErrorId == GuardStopped ? 3 : 1;

    /// <summary>What to do, in one sentence.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The thing that the error is about: a path, a field, a list.</summary>
    public object? Target { get; }
}
