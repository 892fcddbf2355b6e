using System.Management.Automation;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Segments;
using SegmentPush.Segments.Exports;
using SegmentPush.Segments.Json;
using SegmentPush.Segments.Rejects;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Streams;

/// <summary>
/// The objects of a pipeline as the rows of a segment. Its columns are the properties of the first thousand objects; a mapped property
/// that appears later is read, too.
/// </summary>
internal sealed class PipelineSegment : IDisposable
{
    private const int PulseEvery = 500;
    private const int First = 1_000;

    private readonly PipelineOptions _options;
    private readonly List<PSObject> _first = [];
    private PipelineColumn[] _columns = [];
    private string?[] _cells = [];
    private IReadOnlyList<string> _nullText = [];
    private readonly ObjectConsents _consents = new();
    private bool _hasConsents;
    private bool[]? _isTyped;
    private bool[] _markedTypes = [];
    private string _mark = "";
    private readonly Dictionary<(string Column, string Text), long> _nullTexts = [];
    private int _sincePulse;

    /// <summary>Begins a segment.</summary>
    public PipelineSegment(PipelineOptions options) => _options = options;

    /// <summary>What a push reads; null until the first thousand objects have come, or all.</summary>
    public PushSource? Source { get; private set; }

    /// <summary>The plan that is being made from the rows; null where they are pushed.</summary>
    public Task<PushPlan>? Planning { get; set; }

    /// <summary>Takes an object in.</summary>
    /// <exception cref="SegmentPushException">It is nothing that has a person's properties (<c>NotAPerson</c>).</exception>
    public void Add(PSObject item)
    {
        CheckIsPerson(item.BaseObject);
        if (Source is null)
        {
            _first.Add(item);
            if (_first.Count == First) Begin(isWhole: false);
        }
        else
        {
            Write(item);
        }

        if (++_sincePulse < PulseEvery) return;
        _sincePulse = 0;
        _options.Pulse();
    }

    /// <summary>Ends the rows.</summary>
    public void Complete()
    {
        if (Source is null) Begin(isWhole: true);
        Source!.Spool!.Complete();
        if (NullTexts.ShownOf(_nullTexts.Select(found => (found.Key.Column, found.Key.Text, found.Value))) is { } shown)
            _options.Warn($"The piped objects have cells with {shown}, which are sent as text. If they mean no value, say so with -NullText.");
    }

    public void Dispose() => Source?.Dispose();

    private void Begin(bool isWhole)
    {
        var names = new PipelineNames(_first);
        _columns = names.Choose(_options, isWhole);
        _hasConsents = _columns.Any(column => column.Consent is not null);
        _cells = new string?[_columns.Length];
        if (_options.MarksTypes) _isTyped = new bool[_columns.Length];
        _nullText = _options.NullText ?? (PlatformExport.HasColumns(names.All) ? [PlatformExport.NullText] : []);
        Source = PushSource.Pipeline(_options.Journal, [.. _columns.Select(column => column.Name)]);
        _options.Begin(Source);
        foreach (var item in _first) Write(item);
        _first.Clear();
    }

    private void Write(PSObject item)
    {
        string mark = Fill(item);
        if (!SpoolMark.IsFault(mark) && IsNobody(item)) return;
        Source!.Spool!.Add(_cells, mark);
    }

    // Writes the cells; returns the mark of the row: what is wrong with the object, or which values are typed.
    private string Fill(PSObject item)
    {
        string fault = "";
        if (_isTyped is not null) Array.Clear(_isTyped);
        var consents = _options.IgnoresConsent ? null : _consents.Read(item);
        if (consents is { HoldsAny: true } && !_hasConsents) throw ConsentNames.Late(First);
        if (consents?.Fault is { } consentFault) fault = consentFault.Reason;
        for (int i = 0; i < _columns.Length; i++)
        {
            ref readonly var column = ref _columns[i];
            if (column.Consent is not null)
            {
                _cells[i] = consents is null ? null : ConsentOf(consents, column);
                continue;
            }

            object? value = column.Path is null ? ObjectPath.ValueOf(item, column.Property)
                : ObjectPath.Resolve(item, column.Path, out _);
            if (value is null) _cells[i] = null;
            else if (value is string text) _cells[i] = TextOf(text, column);
            else if (TryWrite(value, i, out string? written)) _cells[i] = written is null ? null : TextOf(written, column);
            else if (value is UnreadableValue unreadable) (_cells[i], fault) = (null, column.IsNeeded ? unreadable.FaultOf(column.Name) : fault);
            else if (column.IsNeeded) fault = MessageText.Say($"The property '{column.Name}' holds a list or an object; give it one text, number, date or boolean.");
            else _cells[i] = ObjectJson.Of(value);
        }

        return fault.Length > 0 || _isTyped is null ? fault : MarkOfTyped();
    }

    private string? ConsentOf(JsonObjectConsents consents, in PipelineColumn column) => column.Consent switch
    {
        EmailConsent.EmailPath => TextOf(consents.Email, column),
        EmailConsent.AnyPath => TextOf(consents.Any, column),
        _ => consents.OfAddresses,
    };

    private bool TryWrite(object value, int column, out string? text)
    {
        bool isPlain = PlainText.TryWrite(value is PSObject { BaseObject: var inner } ? inner : value, out text, out bool isTyped);
        if (_isTyped is not null) _isTyped[column] = isTyped;
        return isPlain;
    }

    // Most rows have the types of the row before.
    private string MarkOfTyped()
    {
        if (!_isTyped.AsSpan().Contains(true)) return "";
        if (!_isTyped.AsSpan().SequenceEqual(_markedTypes)) (_mark, _markedTypes) = (SpoolMark.OfTyped(_isTyped), [.. _isTyped!]);
        return _mark;
    }

    private string? TextOf(string text, in PipelineColumn column)
    {
        foreach (string nullText in _nullText)
        {
            if (text == nullText) return null;
        }

        if (column.IsNeeded && text is "null" or "NULL" or @"\N") _nullTexts[(column.Name, text)] = _nullTexts.GetValueOrDefault((column.Name, text)) + 1;

        return column.IsMarked ? RejectColumns.TakeMarkOff(text).ToString() : text;
    }

    // An object without any content, as Import-Csv makes of a row of delimiters, or one of a line that SQL Server wrote around the rows.
    private bool IsNobody(PSObject item)
    {
        foreach (string? cell in _cells)
        {
            if (!string.IsNullOrWhiteSpace(cell) && !SqlServerText.IsHyphens(cell) && !SqlServerText.IsEnd(cell)) return false;
        }

        string[] names = [.. ObjectPath.NamesOf(item)];
        object?[] values = [.. names.Select(name => ObjectPath.ValueOf(item, name)).Select(value => value is DBNull ? null : value)];
        if (!Array.TrueForAll(values, value => value is null or string)) return false;
        return Array.TrueForAll(values, value => string.IsNullOrWhiteSpace((string?)value)) || SqlServerText.IsLine(names, values.Length, i => (string?)values[i]);
    }

    private static void CheckIsPerson(object item)
    {
        MessageText? mistake = item switch
        {
            string => (MessageText)"a text",
            FileSystemInfo => "a file",
            ValueType => $"a value of the type {item.GetType().Name}",
            _ => null,
        };
        if (mistake is null) return;
        throw new SegmentPushException(
            "NotAPerson",
            $"The pipeline brought {mistake}, not an object with a person's properties.",
            "Pipe objects, such as those of Import-Csv, or give files with -Path.");
    }
}
