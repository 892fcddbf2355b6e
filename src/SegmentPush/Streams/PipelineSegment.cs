using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>The objects of a pipeline as the rows of a segment.</summary>
internal sealed class PipelineSegment : IDisposable
{
    private const int PulseEvery = 500;

    private readonly string[] _columns;
    private readonly Action _pulse;
    private readonly string?[] _cells;
    private int _sincePulse;

    private PipelineSegment(string[] columns, string? journalFolder, Action pulse)
    {
        _columns = columns;
        _pulse = pulse;
        _cells = new string?[columns.Length];
        Source = PushSource.Pipeline(journalFolder, columns);
    }

    /// <summary>What a push reads.</summary>
    public PushSource Source { get; }

    /// <summary>The plan that is being made from the rows; null where they are pushed.</summary>
    public Task<PushPlan>? Planning { get; set; }

    /// <summary>Makes a segment whose columns are the properties of its first object.</summary>
    /// <param name="first">The first object.</param>
    /// <param name="wanted">Properties to read; null for all.</param>
    /// <param name="journalFolder">Where the rows are kept; null for the user's own journal.</param>
    /// <param name="pulse">Called every few hundred objects.</param>
    /// <exception cref="SegmentPushException">It is nothing that has a person's properties (<c>NotAPerson</c>).</exception>
    public static PipelineSegment Of(PSObject first, IEnumerable<string>? wanted, string? journalFolder, Action pulse)
    {
        CheckIsPerson(first.BaseObject);
        string[] names = first.BaseObject is IDictionary table
            ? [.. table.Keys.Cast<object>().Select(key => key.ToString() ?? string.Empty)]
            : [.. first.Properties.Select(property => property.Name)];

        // Where a property is missing, all names are kept for the error that says so.
        var asked = wanted?.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (asked is not null && asked.All(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)))
            names = [.. names.Where(asked.Contains)];
        return new PipelineSegment(names, journalFolder, pulse);
    }

    /// <summary>Takes an object in.</summary>
    /// <param name="item">The object.</param>
    public void Add(PSObject item)
    {
        object inner = item.BaseObject;
        CheckIsPerson(inner);
        Source.Spool!.Add(_cells, Fill(item, inner as IDictionary));
        if (++_sincePulse < PulseEvery) return;
        _sincePulse = 0;
        _pulse();
    }

    /// <summary>Ends the rows.</summary>
    public void Complete() => Source.Spool!.Complete();

    public void Dispose() => Source.Dispose();

    // Writes the cells; returns what is wrong with the object, or nothing.
    private string Fill(PSObject item, IDictionary? table)
    {
        string mark = "";
        var properties = table is null ? item.Properties : null;
        for (int i = 0; i < _cells.Length; i++)
        {
            object? value = table is null ? properties![_columns[i]]?.Value : table[_columns[i]];
            if (value is string text) _cells[i] = text;
            else if (value is null) _cells[i] = null;
            else if (!TryWrite(value, out _cells[i]))
                mark = $"The property '{_columns[i]}' holds a list or an object; give it one text, number, date or boolean.";
        }

        return mark;
    }

    // The forms are the same on every machine, whatever its culture.
    private static bool TryWrite(object value, out string? text)
    {
        object plain = value is PSObject { BaseObject: var inner } ? inner : value;
        text = plain switch
        {
            string s => s,
            bool flag => flag ? "true" : "false",
            DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
            DateTimeOffset moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Enum or Uri or Version => plain.ToString(),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            DBNull => null,
            _ => null,
        };
        return text is not null || plain is DBNull;
    }

    private static void CheckIsPerson(object item)
    {
        string? mistake = item switch
        {
            string => "a text",
            FileSystemInfo => "a file",
            ValueType => "a " + item.GetType().Name,
            _ => null,
        };
        if (mistake is null) return;
        throw new SegmentPushException(
            "NotAPerson",
            $"The pipeline brought {mistake}, not an object with a person's properties.",
            "Pipe objects, such as those of Import-Csv, or give files with -Path.");
    }
}
