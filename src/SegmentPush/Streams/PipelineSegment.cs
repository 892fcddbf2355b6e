using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Threading.Channels;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Streams;

/// <summary>The objects of a pipeline as the rows of a segment.</summary>
internal sealed class PipelineSegment : IDisposable
{
    private const int BlockSize = 500;

    private readonly IReadOnlyList<string> _columns;
    private readonly ObjectReader _reader;
    private List<ObjectRow> _block = new(BlockSize);

    private PipelineSegment(IReadOnlyList<string> columns)
    {
        _columns = columns;
        _reader = new ObjectReader(columns);
        Source = PushSource.Pipeline(_reader);
    }

    /// <summary>What a push reads.</summary>
    public PushSource Source { get; }

    /// <summary>The plan that is being made from the rows; null where they are pushed.</summary>
    public Task<PushPlan>? Planning { get; set; }

    /// <summary>Makes a segment whose columns are the properties of its first object.</summary>
    /// <param name="first">The first object.</param>
    /// <param name="wanted">Properties to read; null for all.</param>
    /// <exception cref="SegmentPushException">It is nothing that has a person's properties (<c>NotAPerson</c>).</exception>
    public static PipelineSegment Of(PSObject first, IEnumerable<string>? wanted)
    {
        CheckIsPerson(first);
        string[] names = first.BaseObject is IDictionary table
            ? [.. table.Keys.Cast<object>().Select(key => key.ToString() ?? string.Empty)]
            : [.. first.Properties.Select(property => property.Name)];

        // Where a property is missing, all names are kept for the error that says so.
        var asked = wanted?.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (asked is not null && asked.All(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)))
            names = [.. names.Where(asked.Contains)];
        return new PipelineSegment(names);
    }

    /// <summary>Takes an object in.</summary>
    /// <param name="item">The object.</param>
    /// <param name="hand">Waits until a block of rows is taken.</param>
    public void Add(PSObject item, Action<Task> hand)
    {
        CheckIsPerson(item);
        _block.Add(RowOf(item));
        if (_block.Count == BlockSize) HandBlock(hand);
    }

    /// <summary>Ends the rows.</summary>
    public void Complete(Action<Task> hand)
    {
        if (_block.Count > 0) HandBlock(hand);
        _reader.Rows.TryComplete();
    }

    public void Dispose() => _reader.Dispose();

    private void HandBlock(Action<Task> hand)
    {
        var block = _block;
        _block = new List<ObjectRow>(BlockSize);
        if (_reader.Rows.TryWrite(block)) hand(Task.CompletedTask);
        else hand(_reader.Rows.WriteAsync(block).AsTask());
    }

    private ObjectRow RowOf(PSObject item)
    {
        var cells = new string?[_columns.Count];
        var table = item.BaseObject as IDictionary;
        for (int i = 0; i < cells.Length; i++)
        {
            object? value = table is null ? item.Properties[_columns[i]]?.Value : table[_columns[i]];
            if (value is string text) cells[i] = text;
            else if (value is not null && !TryWrite(value, out cells[i]))
            {
                return new ObjectRow(new string?[_columns.Count], new RowFault(
                    "ValueNotText", $"The property '{_columns[i]}' holds a list or an object; give it one text, number, date or boolean."));
            }
        }

        return new ObjectRow(cells);
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

    private static void CheckIsPerson(PSObject item)
    {
        string? mistake = item.BaseObject switch
        {
            string => "a text",
            FileSystemInfo => "a file",
            ValueType => "a " + item.BaseObject.GetType().Name,
            _ => null,
        };
        if (mistake is null) return;
        throw new SegmentPushException(
            "NotAPerson",
            $"The pipeline brought {mistake}, not an object with a person's properties.",
            "Pipe objects, such as those of Import-Csv, or give files with -Path.");
    }
}
