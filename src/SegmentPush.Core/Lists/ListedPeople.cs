using System.Runtime.InteropServices;

namespace SegmentPush.Lists;

/// <summary>
/// The people that a list was seen to hold, in some 30 bytes each: the identity as a hash alone. People are found by id or by identity, and
/// each is taken once.
/// </summary>
/// <param name="expected">How many they are, about; 0 where that is not known.</param>
internal sealed class ListedPeople(int expected)
{
    private readonly List<Listed> _people = new(expected + (expected / 16));
    private byte[] _marks = [];
    private int[] _byHash = [];

    private const byte Taken = 1, FromSegment = 2;

    /// <summary>How many they are.</summary>
    public int Count => _people.Count;

    /// <summary>Adds a person that a page of the list has shown.</summary>
    public void Add(long id, Hash128 hash) => _people.Add(new Listed(id, hash));

    /// <summary>Orders the people once all of them have been added. Somebody that two pages have shown is one person.</summary>
    public void Order()
    {
        var people = CollectionsMarshal.AsSpan(_people);
        people.Sort((one, other) => one.Id.CompareTo(other.Id));
        int last = -1;
        foreach (var person in people)
        {
            if (last < 0 || people[last].Id != person.Id) last++;
            people[last] = person;
        }

        CollectionsMarshal.SetCount(_people, last + 1);
        _marks = new byte[Count];
        _byHash = new int[Count];
        for (int i = 0; i < Count; i++) _byHash[i] = i;
        _byHash.AsSpan().Sort((one, other) => _people[one].Hash.CompareTo(_people[other].Hash));
    }

    /// <summary>Notes that a segment has named an identity.</summary>
    public void NoteFromSegment(Hash128 hash)
    {
        for (int i = FirstWith(hash); i < Count && HashAt(i) == hash; i++) _marks[_byHash[i]] |= FromSegment;
    }

    /// <summary>Begins anew: nobody is taken.</summary>
    public void Release()
    {
        foreach (ref byte marks in _marks.AsSpan()) marks &= FromSegment;
    }

    /// <summary>Takes a person by the id.</summary>
    /// <returns>False where the list does not hold the person, or the person is taken.</returns>
    public bool TryTake(long id) => IndexOf(id) is { } index && TryTakeAt(index);

    /// <summary>Whether the list holds a person, taken or not.</summary>
    public bool Contains(long id) => IndexOf(id) is not null;

    /// <summary>Takes a person by the identity.</summary>
    /// <returns>The id; null where nobody has the identity who is not taken.</returns>
    public long? Take(Hash128 hash)
    {
        for (int i = FirstWith(hash); i < Count && HashAt(i) == hash; i++)
        {
            if (TryTakeAt(_byHash[i])) return _people[_byHash[i]].Id;
        }

        return null;
    }

    /// <summary>People who are not taken, in the order of their ids, and whether a segment has named them.</summary>
    public IEnumerable<(long Id, Hash128 Hash, bool IsFromSegment)> Rest()
    {
        for (int i = 0; i < Count; i++)
        {
            if ((_marks[i] & Taken) == 0) yield return (_people[i].Id, _people[i].Hash, (_marks[i] & FromSegment) != 0);
        }
    }

    private int? IndexOf(long id)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (_people[middle].Id == id) return middle;
            if (_people[middle].Id < id) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    private Hash128 HashAt(int i) => _people[_byHash[i]].Hash;

    private bool TryTakeAt(int i)
    {
        if ((_marks[i] & Taken) != 0) return false;
        _marks[i] |= Taken;
        return true;
    }

    private int FirstWith(Hash128 hash)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (HashAt(middle).CompareTo(hash) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private readonly record struct Listed(long Id, Hash128 Hash);
}
