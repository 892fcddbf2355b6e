using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Streams;

namespace SegmentPush.Completion;

/// <summary>Offers the short ids of recent pushes that the cmdlet can use, and whole ids to those who have begun one.</summary>
public sealed class PushIdCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        PushStatus[] pushes = [.. JournalCompletion.RecentPushes(line)];
        bool isWhole = line.Word.Length > PushIds.ShortLength;
        return pushes.Where(push => CanBeUsed(line.Command, push, pushes)).Select(push => new Candidate(
            isWhole ? push.Id.ToString() : push.ShortId,
            MessageText.Say($"{push.State}, {ShownTime.Of(push.Started)}, {push.Into}: {push.Added} added, {push.Removed} removed, {push.Failed} failed"),
            $"{push.ShortId} {push.State} {push.Into}"));
    }

    private static bool CanBeUsed(string command, PushStatus push, PushStatus[] all) => VerbOf(command) switch
    {
        "Resume" or "Stop" => push.CanBeResumed,
        "Undo" => push.Destination is not null && push.Added + push.Removed > 0 && push.UndoOf is null && push.State != PushState.Running && !IsUndone(push, all),
        "Remove" => push.State != PushState.Running,
        _ => true,
    };

    private static string VerbOf(string command)
    {
        string name = command[(command.LastIndexOf('\\') + 1)..];
        return name.Contains('-', StringComparison.Ordinal) ? name[..name.IndexOf('-', StringComparison.Ordinal)] : name;
    }

    private static bool IsUndone(PushStatus push, PushStatus[] all) => Array.Exists(all, other => other.UndoOf == push.Id && other.State == PushState.Completed);
}
