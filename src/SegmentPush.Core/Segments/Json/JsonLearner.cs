using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Segments.Json;

/// <summary>Learns from each row which values a file has.</summary>
internal sealed class JsonLearner : IJsonRowParser
{
    private long _objects;
    private int _places;

    /// <summary>What has been seen in the rows.</summary>
    public JsonShape Root { get; } = new([]);

    [MethodImpl(EveryRow.Compiled)]
    public bool TryParse(ref Utf8JsonReader reader) => TryLearn(ref reader, Root);

    [MethodImpl(EveryRow.Compiled)]
    private bool TryLearn(ref Utf8JsonReader reader, JsonShape at)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return TryLearnFields(ref reader, at);
            case JsonTokenType.StartArray:
                at.HasList = true;
                while (reader.Read())
                {
                    if (reader.TokenType == JsonTokenType.EndArray) return true;
                    if (!TryLearn(ref reader, at)) return false;
                }

                return false;
            case JsonTokenType.Null:
                return true;
            default:
                at.HasText = true;
                return true;
        }
    }

    [MethodImpl(EveryRow.Compiled)]
    private bool TryLearnFields(ref Utf8JsonReader reader, JsonShape at)
    {
        at.Begin();
        long thisObject = ++_objects;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject) return true;
            var field = at.Field(JsonNames.Read(ref reader), thisObject, ref _places);
            if (!reader.Read()) return false;
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number) field.HasText = true;
            else if (!TryLearn(ref reader, field)) return false;
        }

        return false;
    }
}
