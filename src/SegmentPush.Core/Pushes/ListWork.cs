using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>What the parts of a push share that work on its list.</summary>
/// <param name="Push">What the push is to do.</param>
/// <param name="Target">The list, and the field that finds people.</param>
/// <param name="Journal">The journal.</param>
/// <param name="Settlement">Settles people.</param>
/// <param name="Sources">Where the people come from.</param>
/// <param name="Warn">Is told what the user should know.</param>
internal sealed record ListWork(
    PushOptions Push, PushTarget Target, PushJournal Journal, Settlement Settlement, IReadOnlyList<PushSource> Sources, Action<MessageText> Warn)
{
    private long? _listRow;

    /// <summary>What the snapshot of the list belongs to.</summary>
    public SnapshotKey Snapshot => SnapshotKey.Of(Settlement.Status.Instance, Target.StaticList.Id, Target.Mapping.IdentityField.Name);

    /// <summary>The clock by which the push tells how long ago others have changed the list.</summary>
    public SteadyClock Clock { get; } = new(Push.Connection.Time);

    /// <summary>Reads the list.</summary>
    public ListReader NewReader() => new(Push.Connection, Target.StaticList.Id, Target.Mapping.IdentityField.Name, Push.Bulk, Warn) { Clock = Clock };

    /// <summary>A person that no row of the sources names.</summary>
    /// <param name="identity">The identity; empty where it is not known.</param>
    /// <param name="id">Id in Marketo; null where it is not known.</param>
    /// <param name="number">Number in the snapshot; null where the snapshot does not know the person.</param>
    /// <param name="identityHash">Hash of the identity, by which an undo enters the person into the snapshot again; 0 where the identity is not known.</param>
    public Person FromList(string identity, long? id, int? number, Hash128 identityHash = default)
    {
        _listRow = (_listRow ?? Settlement.Outcomes.GetLastRow(Sources.Count)) + 1;
        return new Person(Sources.Count, _listRow.Value, identity, default) { MarketoId = id, MemberId = id, MemberNumber = number, IdentityHash = identityHash };
    }
}
