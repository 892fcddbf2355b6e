using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SegmentPush.Destinations;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>What a push was asked to do, as the journal keeps it so that the push can be resumed.</summary>
/// <param name="Mapping">Its mapping.</param>
/// <param name="Delivery">The delivery that was asked for.</param>
/// <param name="RejectPath">File for the rejected rows; null for none.</param>
/// <param name="JournalIdentity">How the journal keeps identities.</param>
/// <param name="Destination">What else was to be done for a destination; null for a push for none.</param>
/// <param name="MaxRejectPercent">Most rows that may be rejected, in percent; null where an older SegmentPush began the push.</param>
internal sealed record PushRequest(
    IReadOnlyList<SegmentMapping> Mapping,
    Delivery Delivery,
    string? RejectPath,
    JournalIdentity JournalIdentity,
    DestinationRequest? Destination = null,
    int? MaxRejectPercent = null)
{
    /// <summary>How values are read; null for a push that an older SegmentPush began.</summary>
    public ValuesRequest? Values { get; init; }

    /// <summary>Whether people are pushed whose consent says no.</summary>
    public bool IgnoreConsent { get; init; }

    /// <summary>The request of options.</summary>
    public static PushRequest Of(PushOptions options) => new(
        options.Mapping,
        options.Delivery,
        options.RejectPath,
        options.JournalIdentity,
        options.Destination is { } destination ? DestinationRequest.Of(destination) : null,
        options.MaxRejectPercent)
    {
        Values = ValuesRequest.Of(options.Values),
        IgnoreConsent = options.IgnoreConsent,
    };

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static PushRequest Parse(string text) => JsonSerializer.Deserialize(text, PushJson.Default.PushRequest)!;

    /// <summary>The request as text.</summary>
    public string ToText()
    {
        // Written by hand: every push writes one, and the serializer would first have to be compiled for each type in it.
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartArray(nameof(Mapping));
            foreach (var entry in Mapping)
            {
                json.WriteStartObject();
                json.WriteString(nameof(entry.Source), entry.Source);
                json.WriteString(nameof(entry.Target), entry.Target);
                json.WriteString(nameof(entry.Identity), entry.Identity);
                if (entry.IsConstant) json.WriteString(nameof(entry.Value), entry.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber(nameof(Delivery), (int)Delivery);
            json.WriteString(nameof(RejectPath), RejectPath);
            json.WriteNumber(nameof(JournalIdentity), (int)JournalIdentity);
            if (MaxRejectPercent is { } percent) json.WriteNumber(nameof(MaxRejectPercent), percent);
            if (IgnoreConsent) json.WriteBoolean(nameof(IgnoreConsent), IgnoreConsent);
            if (Values is not null)
            {
                json.WriteStartObject(nameof(Values));
                json.WriteString(nameof(Values.TimeZone), Values.TimeZone);
                json.WriteString(nameof(Values.Culture), Values.Culture);
                json.WriteNumber(nameof(Values.BadField), (int)Values.BadField);
                json.WriteEndObject();
            }

            if (Destination is not null)
            {
                json.WritePropertyName(nameof(Destination));
                JsonSerializer.Serialize(json, Destination, PushJson.Default.DestinationRequest);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}

/// <summary>How a push was to read values.</summary>
/// <param name="TimeZone">Name of the zone of moments without an offset, as all machines know it.</param>
/// <param name="Culture">Name of the culture that values are written in; null for none.</param>
/// <param name="BadField">What was to happen with a value that is not right for its field.</param>
internal sealed record ValuesRequest(string TimeZone, string? Culture, BadField BadField)
{
    /// <summary>The request of rules.</summary>
    public static ValuesRequest Of(ValueRules rules) => new(DestinationSchedule.NameOf(rules.TimeZone), rules.Culture?.Name, rules.BadField);

    /// <summary>The rules of a destination.</summary>
    public static ValueRules RulesOf(SegmentDestination destination) =>
        new ValuesRequest(destination.TimeZone, destination.Culture, destination.BadField).Rules();

    /// <summary>The rules of the request.</summary>
    /// <exception cref="SegmentPushException">This machine does not know the zone or the culture (<c>TimeZoneNotFound</c>, <c>CultureNotFound</c>).</exception>
    public ValueRules Rules() => new() { TimeZone = DestinationSchedule.ZoneOf(TimeZone), Culture = ValueCulture.Find(Culture), BadField = BadField };
}

/// <summary>What a push was to do for a destination, as it was when the push began.</summary>
/// <param name="Definition">The destination as text.</param>
/// <param name="Force">Whether the guard lets everything through.</param>
/// <param name="Verify">Whether the list is read back.</param>
/// <param name="Resync">Whether the list is read before.</param>
/// <param name="PlannedList">Digest of the list's people in the plan that is pushed; null for none.</param>
internal sealed record DestinationRequest(string Definition, bool Force, bool Verify, bool Resync, string? PlannedList)
{
    /// <summary>The request of options.</summary>
    public static DestinationRequest Of(DestinationOptions options) =>
        new(DestinationText.Write(options.Destination), options.Force, options.Verify, options.Resync, options.PlannedList);

    /// <summary>The options of the request.</summary>
    public DestinationOptions Options() =>
        new(DestinationText.Read(Definition, "The journal's push")) { Force = Force, Verify = Verify, Resync = Resync, PlannedList = PlannedList };
}

/// <summary>What pushes keep as JSON.</summary>
[JsonSerializable(typeof(PushRequest))]
internal sealed partial class PushJson : JsonSerializerContext;
