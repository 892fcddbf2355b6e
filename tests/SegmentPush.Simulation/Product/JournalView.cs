using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Simulation.Faults;

namespace SegmentPush.Simulation.Product;

/// <summary>Reads what the product has written down, as Get-PushStatus, Export-PushReceipt and Get-SegmentDestination show it.</summary>
internal static class JournalView
{
    private static readonly PersonOutcome[] s_all = Enum.GetValues<PersonOutcome>();

    /// <summary>Ids of all pushes, oldest first.</summary>
    public static IReadOnlyList<(Guid Id, string State)> GetPushes(World world)
    {
        var journal = world.Journal.View;
        return [.. journal.History.Get(new PushFilter()).OrderBy(push => push.Started).Select(push => (push.Id, push.State.ToString()))];
    }

    /// <summary>Whether a push has something that a resume could go on with.</summary>
    public static bool CanBeResumed(World world, Guid id) =>
        world.Journal.View.History.Get(new PushFilter { Ids = [id] }).Single().CanBeResumed;

    /// <summary>What a push says of itself.</summary>
    public static Observation Read(World world, Guid id)
    {
        var journal = world.Journal.View;
        var status = journal.History.Get(new PushFilter { Ids = [id] }).Single();
        return new Observation
        {
            Id = id,
            State = status.State.ToString(),
            ErrorId = status.ErrorId,
            Reason = status.Reason,
            ExitCode = status.ExitCode,
            IsVerified = status.IsVerified,
            Calls = status.Calls,
            ChangesAreKnown = status.ChangesAreKnown,
            Sums = SumsOf(status),
            People = [.. journal.People.Get(id, s_all).Select(person => new PersonSeen(
                Path.GetFileName(person.Source), person.Number, person.Outcome.ToString(), person.Change.ToString(), person.MarketoId, person.Code))],
            List = PushReceipt.ParseList(journal.Pushes.GetReceipt(id)) is { } list
                ? new ListSeen(list.Before, list.Added, list.Removed, list.AddedByOthers, list.RemovedByOthers, list.After, list.Agree, list.SentOff is not null)
                : null,
            Members = status.Destination is { } name && journal.Destinations.Find(name) is not null ? SavedDestinations.Get(journal, name).Members : null,
        };
    }

    private static Dictionary<string, long> SumsOf(PushStatus status) => new()
    {
        ["Received"] = status.Received,
        ["Activated"] = status.Activated,
        ["Excluded"] = status.Excluded,
        ["Failed"] = status.Failed,
        ["Added"] = status.Added,
        ["AlreadyMember"] = status.AlreadyMember,
        ["Removed"] = status.Removed,
        ["NotMember"] = status.NotMember,
        ["Unmatched"] = status.Unmatched,
        ["Duplicate"] = status.Duplicate,
        ["Rejected"] = status.Rejected,
        ["NotDelivered"] = status.NotDelivered,
        ["Created"] = status.Created,
        ["Updated"] = status.Updated,
    };
}
