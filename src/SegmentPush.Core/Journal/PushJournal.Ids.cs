using System.Globalization;

namespace SegmentPush.Journal;

/// <content>How a push is found by a part of its id.</content>
internal sealed partial class PushJournal
{
    /// <summary>The id of the push that a text names.</summary>
    /// <param name="text">A whole id, or the last digits of one.</param>
    /// <returns>The id. A whole one is given back also where the journal holds no such push.</returns>
    /// <exception cref="SegmentPushException">
    /// The text is no id (<c>PushIdMalformed</c>), or no push (<c>PushNotFound</c>) or several pushes (<c>PushIdAmbiguous</c>) have an id that ends so.
    /// </exception>
    public Guid FindId(string text) => Guid.TryParse(text, out var whole) ? whole : FindIdByEnd(text);

    private Guid FindIdByEnd(string text)
    {
        string digits = PushIds.DigitsOf(text);
        var found = FindIds(digits);
        if (found is [var id]) return id;
        if (found.Count == 0)
        {
            throw new SegmentPushException(
                "PushNotFound",
                $"The journal holds no push whose id ends with '{text}'.",
                "Get-PushStatus -Last 10 shows the newest; -JournalPath or SEGMENTPUSH_HOME chooses another journal.",
                text);
        }

        throw new SegmentPushException(
            "PushIdAmbiguous",
            $"The ids of {found.Count} pushes end with '{text}': {string.Join(", ", found.Take(5))}{(found.Count > 5 ? ", ..." : "")}.",
            "Give more digits, or the whole id.",
            text);
    }

    private List<Guid> FindIds(string lastDigits) => Guard(() =>
    {
        using var command = Command(null, "SELECT id FROM push WHERE replace(id, '-', '') LIKE $end ORDER BY started DESC");
        command.Parameters.AddWithValue("$end", "%" + lastDigits);
        using var reader = command.ExecuteReader();
        var ids = new List<Guid>();
        while (reader.Read()) ids.Add(Guid.Parse(reader.GetString(0), CultureInfo.InvariantCulture));
        return ids;
    });
}
