namespace SegmentPush.Mappings;

/// <summary>
/// The values of a person for the attributes of a mapping, in its order. They lie in one text, as most of them are only passed on:
/// a string for each would be most of what a push leaves for the runtime to clean up.
/// </summary>
internal readonly struct PersonValues
{
    // It begins with the number of values, and the end of each in two characters.
    private readonly ReadOnlyMemory<char> _text;

    private PersonValues(ReadOnlyMemory<char> text) => _text = text;

    /// <summary>Number of attributes; 0 also where the values have been let go.</summary>
    public int Count => _text.IsEmpty ? 0 : _text.Span[0];

    /// <summary>A value; empty where the field is to be left as it is.</summary>
    public ReadOnlySpan<char> this[int index]
    {
        get
        {
            var text = _text.Span;
            if (text.IsEmpty) return default;
            int start = index == 0 ? Writer.HeadLength(text[0]) : EndIn(text, index - 1);
            return text[start..EndIn(text, index)];
        }
    }

    /// <summary>The same values in a text of their own, for as long as the person is worked on.</summary>
    public PersonValues Copy() => new(_text.ToArray());

    private static int EndIn(ReadOnlySpan<char> text, int index) => text[1 + (2 * index)] | (text[2 + (2 * index)] << 16);

    /// <summary>Puts values together, those of one person after those of another.</summary>
    /// <param name="count">Number of attributes.</param>
    internal sealed class Writer(int count)
    {
        private char[] _text = new char[Math.Max(512, 2 * HeadLength(count))];
        private int _length = HeadLength(count);
        private int _next;

        /// <summary>Adds the next value; an empty one leaves its field as it is.</summary>
        public void Add(ReadOnlySpan<char> value)
        {
            if (_text.Length - _length < value.Length) Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + value.Length));
            value.CopyTo(_text.AsSpan(_length));
            _length += value.Length;
            _text[1 + (2 * _next)] = (char)_length;
            _text[2 + (2 * _next)] = (char)(_length >> 16);
            _next++;
        }

        /// <summary>Takes the values of a person after all of them were added, and begins anew.</summary>
        /// <param name="rows">Takes their text in; null where they are to have one of their own.</param>
        public PersonValues Take(RowText? rows = null)
        {
            _text[0] = (char)count;
            var written = _text.AsSpan(0, _length);
            var values = count == 0 ? default : new PersonValues(rows?.Add(written) ?? written.ToArray());
            Discard();
            return values;
        }

        /// <summary>Lets go of the values that have been added, and begins anew.</summary>
        public void Discard()
        {
            _length = HeadLength(count);
            _next = 0;
        }

        internal static int HeadLength(int count) => 1 + (2 * count);
    }
}
