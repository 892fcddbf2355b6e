using System.Text.Json.Serialization;

namespace SegmentPush.Marketo;

/// <summary>Answers of Marketo's that have a fixed shape.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(StaticListAnswer[]))]
[JsonSerializable(typeof(PartitionAnswer[]))]
[JsonSerializable(typeof(UsageAnswer[]))]
[JsonSerializable(typeof(ErrorsAnswer[]))]
[JsonSerializable(typeof(ImportAnswer[]))]
[JsonSerializable(typeof(ExportAnswer[]))]
[JsonSerializable(typeof(FolderAnswer[]))]
[JsonSerializable(typeof(StaticListAssetAnswer[]))]
internal sealed partial class MarketoJson : JsonSerializerContext;

internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string? Value,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    string? Scope,
    string? Error)
{
    public override string ToString() => nameof(TokenAnswer);
}

internal sealed record StaticListAnswer(
    long Id, string? Name, string? Description, string? ProgramName, string? WorkspaceName, string? CreatedAt, string? UpdatedAt);

internal sealed record PartitionAnswer(int Id, string? Name, string? Description);

internal sealed record UsageAnswer(string? Date, long Total, UserUsageAnswer[]? Users);

internal sealed record UserUsageAnswer(string? UserId, long Count);

internal sealed record ErrorsAnswer(string? Date, long Total, ErrorCountAnswer[]? Errors);

internal sealed record ErrorCountAnswer(string? ErrorCode, long Count);

internal sealed record ImportAnswer(
    long BatchId, string? Status, long? NumOfLeadsProcessed, long? NumOfRowsFailed, long? NumOfRowsWithWarning, string? Message);

internal sealed record ExportAnswer(
    string? ExportId, string? Status, long? NumberOfRecords, long? FileSize, string? FileChecksum, string? ErrorMsg);

internal sealed record FolderAnswer(long Id, string? Name, string? Path, string? Workspace, FolderIdAnswer? FolderId);

internal sealed record FolderIdAnswer(long Id, string? Type)
{
    public FolderType ToType() => Type is "Program" ? FolderType.Program : FolderType.Folder;
}

internal sealed record StaticListAssetAnswer(
    long Id, string? Name, string? Description, string? CreatedAt, string? UpdatedAt, FolderIdAnswer? Folder, string? Workspace);
