using System.Text.Json;
using System.Text.Json.Serialization;

namespace SegmentPush.Accounts;

/// <summary>Accounts as their files hold them, which people may edit.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(MarketoAccount))]
[JsonSerializable(typeof(PlatformAccount))]
internal sealed partial class AccountJson : JsonSerializerContext;
