using System.Runtime.ExceptionServices;
using SegmentPush.Journal;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Pushes;

/// <summary>
/// Ends a push in the one order that survives a kill at any step: outcomes and sums, then the reject file, and last the state. A push
/// that is killed before the last step counts as interrupted, keeps the copy of its rows, and does the other steps again when it is resumed.
/// </summary>
internal sealed class PushFinish(PushOptions options, IReadOnlyList<PushSource> sources, Settlement settlement)
{
    /// <summary>Ends the push.</summary>
    /// <param name="ending">How it ends.</param>
    /// <param name="fault">What stopped it; null where all was done.</param>
    /// <param name="isVerified">Whether the list was read back and holds the right people.</param>
    /// <returns>The status, and the error to tell; null where it completed or was cancelled.</returns>
    /// <exception cref="SegmentPushException">The journal can't be written, or the sums disagree.</exception>
    public (PushStatus Status, SegmentPushException? Error) End(PushEnding ending, Exception? fault, bool isVerified)
    {
        var error = fault as SegmentPushException;
        CheckSums(ending, error);
        string? rejectPath = null;
        try
        {
            rejectPath = WriteRejected();
        }
        catch (SegmentPushException e) when (IsOfJournal(e))
        {
            // The rejected rows could not be read. A resume ends the push the same way, and writes their file.
            if (ending.State != PushState.Interrupted) (ending, error) = (PushEnding.Of(e), e);
        }
        catch (SegmentPushException e)
        {
            // All people have their outcome, and the journal holds the same rows' codes and reasons.
            error ??= e;
            ending = ending.With(e);
        }

        var status = settlement.Ending.End(ending, isVerified, rejectPath);
        foreach (var source in sources) source.Keep(status.CanBeResumed);
        if (fault is not (null or OperationCanceledException or SegmentPushException)) ExceptionDispatchInfo.Throw(fault);
        error?.EndWith(status.ExitCode);
        return (status, error);
    }

    private void CheckSums(PushEnding ending, SegmentPushException? error)
    {
        try
        {
            settlement.Ending.CheckSums(ending);
        }
        catch (SegmentPushException) when (error?.ErrorId is SegmentPushException.JournalLocked or SegmentPushException.JournalUnreachable)
        {
            // What could not be written is in no sum of the journal. The push is resumed from there.
            settlement.Ending.TakeSumsOfJournal(ending);
        }
        catch (SegmentPushException) when (error is not null && IsOfJournal(error))
        {
            // Sums can't agree with a journal that did not take what it was to hold; the push is interrupted, and can be resumed.
            throw error;
        }
    }

    private static bool IsOfJournal(SegmentPushException error) => error.ErrorId.StartsWith("Journal", StringComparison.Ordinal);

    // People who were to be taken off the list are in no row of the sources.
    private string? WriteRejected()
    {
        if (options.RejectPath is not { } path) return null;
        var rejected = settlement.Outcomes.GetRejected().Where(row => row.Source < sources.Count);
        if (!rejected.Any())
        {
            // The file of an earlier push would pass for one of this push.
            OutputFile.At(path, RejectFile.Kind).DeleteOlder();
            return null;
        }

        RejectedRows.Write(path, sources, rejected);
        return path;
    }
}
