namespace SegmentPush.Sandbox.People;

/// <summary>A static list and the ids of its people, in the order they came.</summary>
internal sealed class StaticList(int id, string name, DateTimeOffset created)
{
    private readonly List<int> _order = [];
    private readonly HashSet<int> _members = [];

    public int Id { get; } = id;

    public string Name { get; } = name;

    public DateTimeOffset CreatedAt { get; } = created;

    public string? Description { get; init; }

    public string? ProgramName { get; init; }

    public int FolderId { get; init; } = 12;

    public int Count => _members.Count;

    public bool Contains(int personId) => _members.Contains(personId);

    public bool Add(int personId)
    {
        if (!_members.Add(personId)) return false;
        _order.Add(personId);
        return true;
    }

    public bool Remove(int personId)
    {
        if (!_members.Remove(personId)) return false;
        _order.Remove(personId);
        return true;
    }

    public void Clear()
    {
        _members.Clear();
        _order.Clear();
    }

    public IReadOnlyList<int> Page(int from, int count) => _order.GetRange(Math.Min(from, _order.Count), Math.Clamp(_order.Count - from, 0, count));
}
