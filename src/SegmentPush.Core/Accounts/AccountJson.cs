using System.Text.Json;
using System.Text.Json.Serialization;

namespace SegmentPush.Accounts;

/// <summary>An account as its file holds it, which people may edit.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(MarketoAccount))]
internal sealed partial class AccountJson : JsonSerializerContext;
