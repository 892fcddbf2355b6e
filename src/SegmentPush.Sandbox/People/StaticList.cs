using System.Runtime.InteropServices;

namespace SegmentPush.Sandbox.People;

/// <summary>A static list and the ids of its people, in the order they came.</summary>
internal sealed class StaticList(int id, string name, Folder folder, DateTimeOffset created)
{
    private const int MostGaps = 1000;

    // Each who came has a number of its own, and who left leaves a gap: pages stay where they are while people come and go.
    private readonly List<(int Number, int PersonId)> _order = [];
    private readonly Dictionary<int, int> _members = [];
    private int _next;

    public int Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>The folder or program that it is in.</summary>
    public Folder Folder { get; } = folder;

    public DateTimeOffset CreatedAt { get; } = created;

    public string? Description { get; init; }

    public int Count => _members.Count;

    public bool Contains(int personId) => _members.ContainsKey(personId);

    public bool Add(int personId)
    {
        if (!_members.TryAdd(personId, _next)) return false;
        _order.Add((_next++, personId));
        return true;
    }

    public bool Remove(int personId)
    {
        if (!_members.Remove(personId, out int number)) return false;
        CollectionsMarshal.AsSpan(_order)[At(number)].PersonId = 0;
        if (_order.Count > (2 * Count) + MostGaps) _order.RemoveAll(entry => entry.PersonId == 0);
        return true;
    }

    public void Clear()
    {
        _members.Clear();
        _order.Clear();
    }

    /// <summary>Ids of all people.</summary>
    public int[] Ids() => [.. _order.Where(entry => entry.PersonId != 0).Select(entry => entry.PersonId)];

    /// <summary>A page of people.</summary>
    /// <param name="from">Where it begins; 0 for the first.</param>
    /// <param name="count">The most people it has.</param>
    /// <param name="next">Where the next one begins; null on the last.</param>
    public IReadOnlyList<int> Page(int from, int count, out int? next)
    {
        var ids = new List<int>(Math.Min(count, Count));
        next = null;
        for (int i = At(from); i < _order.Count; i++)
        {
            var (number, personId) = _order[i];
            if (personId == 0) continue;
            if (ids.Count == count)
            {
                next = number;
                break;
            }

            ids.Add(personId);
        }

        return ids;
    }

    private int At(int number)
    {
        int at = _order.BinarySearch((number, 0), ByNumber.Instance);
        return at < 0 ? ~at : at;
    }

    private sealed class ByNumber : IComparer<(int Number, int PersonId)>
    {
        public static readonly ByNumber Instance = new();

        public int Compare((int Number, int PersonId) x, (int Number, int PersonId) y) => x.Number.CompareTo(y.Number);
    }
}
