using System.Text.Json;
using SegmentPush.Mappings;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>The consents of one object, as the reader of a JSON file reads them.</summary>
/// <param name="Email">Value of the consent to marketing by email; empty for none.</param>
/// <param name="Any">Value of the consent to marketing of any kind; empty for none.</param>
/// <param name="OfAddresses">Addresses in turn with their consents, as <see cref="PairedValues"/> says; empty for none.</param>
/// <param name="Fault">What is wrong with them; null for nothing.</param>
internal sealed record JsonObjectConsents(string Email, string Any, string OfAddresses, RowFault? Fault)
{
    /// <summary>Whether a consent is there, or something in its place.</summary>
    public bool HoldsAny => Fault is not null || Email.Length + Any.Length + OfAddresses.Length > 0;

    /// <summary>Reads them.</summary>
    /// <param name="utf8">The object.</param>
    /// <exception cref="SegmentPushException"><c>ConsentNotUnderstood</c>, <c>SourceColumnAmbiguous</c>.</exception>
    public static JsonObjectConsents Read(ReadOnlySpan<byte> utf8)
    {
        var learner = new JsonLearner();
        Parse(utf8, learner);
        var paths = new NestedColumns(learner.Root.ToShape());
        var selector = new JsonSelector();
        int email = Select(EmailConsent.EmailPath), any = Select(EmailConsent.AnyPath), pairs = selector.SelectConsents(paths);
        Parse(utf8, selector);
        return new JsonObjectConsents(TextOf(email), TextOf(any), TextOf(pairs), selector.Cells.Fault);

        int Select(string name) => paths.Find(name) is { } path ? selector.Select(path, name) : -1;

        string TextOf(int cell) => cell < 0 ? "" : selector.Cells[cell].ToString();
    }

    private static void Parse(ReadOnlySpan<byte> utf8, IJsonRowParser parser)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        parser.TryParse(ref reader);
    }
}
