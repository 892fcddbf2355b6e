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

    private static bool IsAddress(string text) =>
        text.All(c => c is > ' ' and < '\x7f') && text.Split('@') is [{ Length: > 0 }, var domain] && domain.Contains('.', StringComparison.Ordinal);
}
