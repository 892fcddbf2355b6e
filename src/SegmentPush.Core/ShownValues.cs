using System.Collections.ObjectModel;

namespace SegmentPush;

/// <summary>Named values in an object that users see: ConvertTo-Json writes them as an object, and Export-Csv as <c>name=value</c> with semicolons between.</summary>
public sealed class ShownValues : ReadOnlyDictionary<string, string?>
{
    private ShownValues(IDictionary<string, string?> values)
        : base(values)
    {
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", this.Select(value => $"{value.Key}={value.Value}"));

    /// <summary>These values.</summary>
    internal static ShownValues Of(IReadOnlyDictionary<string, string?> values) => values as ShownValues ?? new ShownValues(new Dictionary<string, string?>(values));
}
