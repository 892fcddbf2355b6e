using System.Text.Json;
using System.Text.Json.Serialization;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>What a push was asked to do, as the journal keeps it so that the push can be resumed.</summary>
/// <param name="Mapping">Its mapping.</param>
/// <param name="Delivery">The delivery that was asked for.</param>
/// <param name="RejectPath">File for the rejected rows; null for none.</param>
/// <param name="JournalIdentity">How the journal keeps identities.</param>
internal sealed record PushRequest(
    IReadOnlyList<SegmentMapping> Mapping, Delivery Delivery, string? RejectPath, JournalIdentity JournalIdentity)
{
    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static PushRequest Parse(string text) => JsonSerializer.Deserialize(text, PushJson.Default.PushRequest)!;

    /// <summary>The request as text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, PushJson.Default.PushRequest);
}

/// <summary>What pushes keep as JSON.</summary>
[JsonSerializable(typeof(PushRequest))]
internal sealed partial class PushJson : JsonSerializerContext;
