using System.Globalization;
using System.Text;

namespace SegmentPush.Calls;

/// <summary>Writes names and values as a query, or as a form, which is written alike.</summary>
internal sealed class Query
{
    private readonly StringBuilder _text = new();

    public Query Add(string name, string? value)
    {
        if (value is not null)
        {
            Name(name);
            _text.Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public Query Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds values as Marketo reads lists of text: with commas in between, which no value may hold.</summary>
    public Query AddList(string name, IEnumerable<string> values)
    {
        Name(name);
        var first = true;
        foreach (var value in values)
        {
            if (!first)
            {
                _text.Append(',');
            }

            _text.Append(Uri.EscapeDataString(value));
            first = false;
        }

        return this;
    }

    /// <summary>Adds ids as Marketo reads lists of numbers: the name once for each.</summary>
    public Query AddEach(string name, IEnumerable<long> values)
    {
        foreach (var value in values)
        {
            Add(name, value);
        }

        return this;
    }

    public byte[] ToForm() => Encoding.ASCII.GetBytes(_text.ToString());

    public override string ToString() => _text.ToString();

    private void Name(string name)
    {
        if (_text.Length > 0)
        {
            _text.Append('&');
        }

        _text.Append(name).Append('=');
    }
}
