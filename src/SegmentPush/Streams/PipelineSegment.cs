using System.Collections;
using System.Management.Automation;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Streams;

/// <summary>The objects of a pipeline as the rows of a segment.</summary>
internal sealed class PipelineSegment : IDisposable
{
    private const int PulseEvery = 500;

    private readonly string[] _columns;
    private readonly Action _pulse;
    private readonly string?[] _cells;
    private readonly bool[] _isRead;
    private readonly bool[]? _isTyped;
    private bool[] _markedTypes = [];
    private string _mark = "";
    private int _sincePulse;

    private PipelineSegment(string[] columns, IReadOnlySet<string>? read, string? journalFolder, bool marksTypes, Action pulse)
    {
        _columns = columns;
        _pulse = pulse;
        _cells = new string?[columns.Length];
        _isRead = [.. columns.Select(column => read?.Contains(column) != false)];
        if (marksTypes) _isTyped = new bool[columns.Length];
        Source = PushSource.Pipeline(journalFolder, columns);
    }

    /// <summary>What a push reads.</summary>
    public PushSource Source { get; }

    /// <summary>The plan that is being made from the rows; null where they are pushed.</summary>
    public Task<PushPlan>? Planning { get; set; }

    /// <summary>Makes a segment whose columns are the properties of its first object.</summary>
    /// <param name="first">The first object.</param>
    /// <param name="wanted">Properties to read; null for all.</param>
    /// <param name="read">Properties that the push reads; null for all. What stands in others is no fault.</param>
    /// <param name="journalFolder">Where the rows are kept; null for the user's own journal.</param>
    /// <param name="marksTypes">Whether values that are no texts are marked, because texts are read in a culture.</param>
    /// <param name="pulse">Called every few hundred objects.</param>
    /// <exception cref="SegmentPushException">It is nothing that has a person's properties (<c>NotAPerson</c>).</exception>
    public static PipelineSegment Of(PSObject first, IEnumerable<string>? wanted, IReadOnlySet<string>? read, string? journalFolder, bool marksTypes, Action pulse)
    {
        CheckIsPerson(first.BaseObject);
        string[] names = first.BaseObject is IDictionary table
            ? [.. table.Keys.Cast<object>().Select(key => key.ToString() ?? string.Empty)]
            : [.. first.Properties.Select(property => property.Name)];

        // Where a property is missing, all names are kept for the error that says so.
        var asked = wanted?.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (asked is not null && asked.All(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)))
            names = [.. names.Where(asked.Contains)];
        return new PipelineSegment(names, read, journalFolder, marksTypes, pulse);
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

    // Writes the cells; returns the mark of the row: what is wrong with the object, or which values are typed.
    private string Fill(PSObject item, IDictionary? table)
    {
        string fault = "";
        if (_isTyped is not null) Array.Clear(_isTyped);
        var properties = table is null ? item.Properties : null;
        for (int i = 0; i < _cells.Length; i++)
        {
            object? value = table is null ? properties![_columns[i]]?.Value : table[_columns[i]];
            if (value is string text) _cells[i] = text;
            else if (value is null) _cells[i] = null;
            else if (!TryWrite(value, i) && _isRead[i])
                fault = $"The property '{_columns[i]}' holds a list or an object; give it one text, number, date or boolean.";
        }

        return fault.Length > 0 || _isTyped is null ? fault : MarkOfTyped();
    }

    private bool TryWrite(object value, int column)
    {
        bool isPlain = PlainText.TryWrite(value is PSObject { BaseObject: var inner } ? inner : value, out _cells[column], out bool isTyped);
        if (_isTyped is not null) _isTyped[column] = isTyped;
        return isPlain;
    }

    // Most rows have the types of the row before.
    private string MarkOfTyped()
    {
        if (!_isTyped.AsSpan().Contains(true)) return "";
        if (!_isTyped.AsSpan().SequenceEqual(_markedTypes)) (_mark, _markedTypes) = (Spool.MarkOfTyped(_isTyped), [.. _isTyped!]);
        return _mark;
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
