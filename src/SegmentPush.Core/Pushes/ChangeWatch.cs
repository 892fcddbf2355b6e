using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Keeps in the journal until when calls of a push may still change people or its list, before each of them leaves.</summary>
internal sealed class ChangeWatch(PushRecord record) : IChangeWatch
{
    private readonly OpenChanges _open = record.Sums.Changes;

    /// <inheritdoc/>
    public void Sending(DateTimeOffset runsUntil)
    {
        _open.Add(runsUntil);
        try
        {
            record.Do((journal, key) => journal.OpenCalls.Note(key, _open.Until!.Value, _open.NoteChange()));
        }
        catch
        {
            // It does not leave.
            _open.Remove(runsUntil);
            throw;
        }
    }

    /// <summary>Takes the call out. The next entry of the push brings it to the journal.</summary>
    public void Ended(DateTimeOffset runsUntil) => _open.Remove(runsUntil);
}
