using System.Text;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Counts what a push by import files would cost: a file for each common set of filled fields, and calls for people with rare sets.
/// </summary>
internal sealed class ImportEstimate(PushTarget target, BulkOptions options)
{
    // A file is uploaded, asked for a few times, and its failures are fetched.
    private const int CallsPerFile = 4;

    private readonly IReadOnlyList<int> _attributes = ImportColumns.All(target, byId: !target.Creates).Attributes;
    private readonly Dictionary<FilledFields, (long People, long Bytes)> _sets = [];
    private long _beyond;

    /// <summary>People who would be sent by calls.</summary>
    public long Rare => _beyond + _sets.Values.Where(set => !IsCommon(set)).Sum(set => set.People);

    /// <summary>Sets of filled fields that would have files.</summary>
    public int Sets => _sets.Values.Count(IsCommon);

    /// <summary>Counts a person.</summary>
    public void Add(Person person)
    {
        if (FilledFields.IsBeyond(person, _attributes))
        {
            _beyond++;
            return;
        }

        var filled = FilledFields.Of(person, _attributes);
        var (people, bytes) = _sets.GetValueOrDefault(filled);
        _sets[filled] = (people + 1, bytes + BytesOf(person));
    }

    /// <summary>The calls of the files.</summary>
    public long CountFileCalls() => CallsPerFile * _sets.Values.Where(IsCommon).Sum(set => (set.Bytes / options.MaxFileBytes) + 1);

    /// <summary>A sentence that says what empty cells cost; null where they cost nothing.</summary>
    public MessageText? Describe() => Sets <= 1 && Rare == 0 ? null
        : Rare == 0 ? (MessageText)$"{Files}."
        : MessageText.Plural(Rare, $"{Files}, and {Rare:N0} person with rarer sets goes by sync calls.", $"{Files}, and {Rare:N0} people with rarer sets go by sync calls.");

    private MessageText Files => MessageText.Plural(
        Sets,
        $"An empty cell leaves its field as it is, so each of {Sets} set of filled columns has files of its own",
        $"An empty cell leaves its field as it is, so each of {Sets} sets of filled columns has files of its own");

    // The commonest set has a file in any case.
    private bool IsCommon((long People, long Bytes) set) => set.People >= Math.Min(options.LeastPeoplePerFile, _sets.Values.Max(other => other.People));

    private static long BytesOf(Person person)
    {
        long bytes = person.Identity.Length + 1;
        for (int i = 0; i < person.Values.Count; i++) bytes += 1 + Encoding.UTF8.GetByteCount(person.Values[i]);
        return bytes;
    }
}
