namespace SegmentPush.Segments.Delimited;

/// <summary>Compares names by their letters and digits alone, without case, as programs differ in what stands between them.</summary>
internal sealed class LettersComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    /// <summary>The only one.</summary>
    public static readonly LettersComparer Instance = new();

    /// <inheritdoc/>
    public bool Equals(string? one, string? other) => Equals(one.AsSpan(), other ?? "");

    /// <inheritdoc/>
    public int GetHashCode(string name) => GetHashCode(name.AsSpan());

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<char> one, string other)
    {
        int at = 0, next = 0;
        while (true)
        {
            while (at < one.Length && !char.IsLetterOrDigit(one[at])) at++;
            while (next < other.Length && !char.IsLetterOrDigit(other[next])) next++;
            if (at == one.Length || next == other.Length) return at == one.Length && next == other.Length;
            if (char.ToUpperInvariant(one[at++]) != char.ToUpperInvariant(other[next++])) return false;
        }
    }

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<char> name)
    {
        var hash = default(HashCode);
        foreach (char c in name)
        {
            if (char.IsLetterOrDigit(c)) hash.Add(char.ToUpperInvariant(c));
        }

        return hash.ToHashCode();
    }

    /// <summary>The first letter or digit of a name, without case; 0 where it has none. Equal names have the same one.</summary>
    public static char InitialOf(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (char.IsLetterOrDigit(c)) return char.ToUpperInvariant(c);
        }

        return default;
    }

    /// <inheritdoc/>
    public string Create(ReadOnlySpan<char> name) => name.ToString();
}
