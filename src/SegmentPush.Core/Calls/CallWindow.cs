namespace SegmentPush.Calls;

/// <summary>
/// The calls of a window of time. A call takes a place before it is sent and leaves it once the window has passed
/// since it arrived at the latest; so no span as long as the window ever holds more arrivals than there are places.
/// </summary>
/// <param name="places">Greatest number of calls in the window.</param>
/// <param name="length">Length of the window.</param>
internal sealed class CallWindow(int places, TimeSpan length)
{
    // For each place the moment it becomes free; TimeSpan.MaxValue while its call may still arrive.
    private readonly TimeSpan[] _freeAt = new TimeSpan[places];

    /// <summary>Takes a place.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="limit">How many places may be in use, 1 to all of them.</param>
    /// <param name="place">The place.</param>
    /// <param name="nextFree">When to ask again where none is free; MaxValue if only a call under way can tell.</param>
    public bool TryTake(TimeSpan now, int limit, out int place, out TimeSpan nextFree)
    {
        var used = 0;
        place = -1;
        nextFree = TimeSpan.MaxValue;
        for (var i = 0; i < _freeAt.Length; i++)
        {
            if (_freeAt[i] <= now)
            {
                place = i;
            }
            else
            {
                used++;
                nextFree = _freeAt[i] < nextFree ? _freeAt[i] : nextFree;
            }
        }

        if (used >= limit || place < 0)
        {
            place = -1;
            return false;
        }

        _freeAt[place] = TimeSpan.MaxValue;
        return true;
    }

    /// <summary>Notes that the call in a place has arrived, now or before.</summary>
    public void Arrived(int place, TimeSpan now) => _freeAt[place] = now + length;
}
