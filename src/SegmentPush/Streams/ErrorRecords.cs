using System.Management.Automation;

namespace SegmentPush.Streams;

/// <summary>Turns errors of the product into error records: id, category, target, and what to do.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="target">What it is about, where the error does not know better.</param>
    public static ErrorRecord From(SegmentPushException error, object? target = null) =>
        new(error, error.ErrorId, ErrorTable.CategoryOf(error.ErrorId), target ?? error.Target)
        {
            ErrorDetails = CmdletTexts.Details(error.Text, error.Action),
        };

    /// <summary>The record of an exception that nobody foresaw.</summary>
    public static ErrorRecord FromUnexpected(Exception error) => new(error, "UnexpectedError", ErrorCategory.NotSpecified, null)
    {
        ErrorDetails = CmdletTexts.Details($"Something went wrong that SegmentPush did not foresee: {error.Message}", "Try again. If it stays, report what Get-Error shows."),
    };
}
