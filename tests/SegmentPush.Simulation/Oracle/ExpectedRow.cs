using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>What a row of a segment means.</summary>
/// <param name="Source">File name, or <c>pipeline</c>.</param>
/// <param name="Number">Row in it, from 1.</param>
/// <param name="Key">Key of its identity; null where the cell names nobody.</param>
internal sealed record ExpectedRow(string Source, long Number, string? Key)
{
    /// <summary>Whether it can't be right, so that it is rejected alone.</summary>
    public bool IsAtFault { get; init; }

    /// <summary>Whether another row with the same identity counts instead.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>Whether its person is to be on the list.</summary>
    public bool IsIn { get; init; } = true;

    /// <summary>Whether Marketo's calls can't all express its identity, so that it may be rejected.</summary>
    public bool IsOdd { get; init; }

    /// <summary>Whether Marketo refuses to write its person.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The values that are to be sent, by field; empty cells are none.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether this row decides what becomes of its person.</summary>
    public bool Counts => !IsAtFault && !IsDuplicate;

    public override string ToString() => $"{Source} row {Number}";
}

/// <summary>Reads the rows of a day as the documents say.</summary>
internal static class ExpectedRows
{
    /// <summary>The rows, in the order of their files.</summary>
    public static IReadOnlyList<ExpectedRow> Of(Day day, int dayNumber, Target target)
    {
        var rows = new List<ExpectedRow>();
        for (int i = 0; i < day.Files.Count; i++)
        {
            for (int number = 0; number < day.Files[i].Count; number++)
                rows.Add(Read(day, target, day.Files[i][number], day.IsPipeline ? "pipeline" : $"day{dayNumber}-{i + 1}.csv", number + 1));
        }

        // The rows of a pipeline are one source.
        if (day.IsPipeline) rows = [.. rows.Select((row, i) => row with { Number = i + 1 })];
        return MarkDuplicates(rows, target.Mode == Mode.Delta);
    }

    private static ExpectedRow Read(Day day, Target target, Row row, string source, long number)
    {
        bool isUnreadable = row.HasSurplusCell && !day.IsPipeline;
        string? key = isUnreadable ? null : IdentityKey.Of(target.Identity, row.Identity);
        bool isIn = target.Mode != Mode.Delta || row.Status is "realized" or "existing" or "active";
        var values = new Dictionary<string, string>();
        bool hasWrongValue = false;
        for (int i = 0; i < target.Fields.Count; i++)
        {
            if (row.Values[i].Trim().Length == 0) continue;
            hasWrongValue |= Field.Find(target.Fields[i])!.Store(row.Values[i]) is null || HasTooManyDigits(target.Fields[i], row.Values[i]);
            values[target.Fields[i]] = row.Values[i];
        }

        return new ExpectedRow(source, number, key)
        {
            // Nothing but the identity of somebody who leaves, or is only looked up, is used.
            IsAtFault = key is null || (hasWrongValue && isIn && (target.Creates || target.Updates)),
            IsIn = isIn,
            IsOdd = row.Identity.Contains(',', StringComparison.Ordinal),
            IsRefused = key is not null && day.Refused.Any(refused => IdentityKey.Of(target.Identity, refused) == key),
            Values = values,
        };
    }

    // Nobody promises to keep a number that needs more than 28 digits when it is written out, so it is refused.
    private static bool HasTooManyDigits(string field, string value)
    {
        if (Field.Find(field)!.DataType != "float") return false;
        string[] parts = value.Trim().TrimStart('-', '+').Split('e', 'E');
        int exponent = parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        int whole = point < 0 ? parts[0].Length : point, fraction = point < 0 ? 0 : parts[0].Length - point - 1;
        return Math.Max(0, whole + exponent) + Math.Max(0, fraction - exponent) > 28;
    }

    private static List<ExpectedRow> MarkDuplicates(List<ExpectedRow> rows, bool lastCounts)
    {
        var counting = new Dictionary<string, ExpectedRow>();
        foreach (var row in rows.Where(row => !row.IsAtFault))
        {
            if (lastCounts || !counting.ContainsKey(row.Key!)) counting[row.Key!] = row;
        }

        return [.. rows.Select(row => row with { IsDuplicate = !row.IsAtFault && !ReferenceEquals(counting[row.Key!], row) })];
    }
}
