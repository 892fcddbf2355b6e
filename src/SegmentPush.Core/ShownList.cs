using System.Collections.ObjectModel;

namespace SegmentPush;

/// <summary>A list in an object that users see: ConvertTo-Json writes it as an array, and Export-Csv as its items with semicolons between.</summary>
/// <typeparam name="T">What it holds.</typeparam>
public sealed class ShownList<T> : ReadOnlyCollection<T>
{
    internal ShownList(T[] items)
        : base(items)
    {
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", this);
}

/// <summary>Makes lists that users see.</summary>
internal static class ShownList
{
    /// <summary>A list of these items; the list itself where it is one already.</summary>
    public static ShownList<T> Of<T>(IReadOnlyList<T> items) => items as ShownList<T> ?? new ShownList<T>([.. items]);
}
