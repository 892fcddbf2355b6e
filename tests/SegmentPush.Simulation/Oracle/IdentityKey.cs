using System.Globalization;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>The canonical form of an identity: two cells with the same key name the same person.</summary>
internal static class IdentityKey
{
    /// <summary>The key of a cell; null where the cell names nobody.</summary>
    public static string? Of(IdentityKind kind, string cell)
    {
        string text = cell.Trim();
        if (text.Length == 0) return null;
        return kind switch
        {
            IdentityKind.Email => IsAddress(text) ? text.ToUpperInvariant() : null,
            IdentityKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number.ToString("R", CultureInfo.InvariantCulture)
                : null,
            _ => text.ToUpperInvariant(),
        };
    }

    // The rules ask this more often than anything else.
    private static bool IsAddress(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && text.LastIndexOf('@') == at && text.AsSpan(at).Contains('.') && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
