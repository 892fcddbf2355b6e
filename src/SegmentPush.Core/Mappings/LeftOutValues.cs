using System.Globalization;

namespace SegmentPush.Mappings;

/// <summary>Counts the values that a push leaves out, because they are not right for their fields.</summary>
/// <param name="mapping">The mapping.</param>
internal sealed class LeftOutValues(Mapping mapping)
{
    private readonly long[] _byAttribute = new long[mapping.AttributeFields.Count];
    private long _uncounted;

    /// <summary>Whether there are any.</summary>
    public bool HasAny => Array.Exists(_byAttribute, count => count > 0);

    /// <summary>Counts the values of one row.</summary>
    /// <param name="attributes">Numbers of their attributes.</param>
    public void Add(IReadOnlyList<int> attributes)
    {
        foreach (int attribute in attributes) _byAttribute[attribute]++;
        _uncounted += attributes.Count;
    }

    /// <summary>How many have come since the last time.</summary>
    public long TakeUncounted()
    {
        long count = _uncounted;
        _uncounted = 0;
        return count;
    }

    /// <summary>A sentence or two with the columns and how many values each has lost. It holds no value.</summary>
    public MessageText Describe()
    {
        var columns = Enumerable.Range(0, _byAttribute.Length).Where(i => _byAttribute[i] > 0)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"'{mapping.AttributeSources[i]}' {_byAttribute[i]}"));
        return $"Values that are not right for their fields were left out: {string.Join(", ", columns)}. These fields stay as they are in Marketo.";
    }
}
