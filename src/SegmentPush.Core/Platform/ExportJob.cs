namespace SegmentPush.Platform;

/// <summary>What an export job is to write.</summary>
/// <param name="DatasetId">The dataset that it writes into.</param>
/// <param name="SegmentId">The only audience that it exports.</param>
/// <param name="SegmentNamespace">Namespace of the audience's memberships.</param>
/// <param name="Fields">Paths of the profile that it writes; none for all.</param>
/// <param name="MergePolicyId">The merge policy of the audience; null for the audience's own.</param>
internal sealed record ExportRequest(
    string DatasetId, string SegmentId, string SegmentNamespace, IReadOnlyList<string> Fields, string? MergePolicyId)
{
    /// <summary>The fields as the platform takes them.</summary>
    public string FieldList => string.Join(',', Fields);

    /// <summary>The same request without some fields that not every union schema has, in the order in which they are tried.</summary>
    public IEnumerable<ExportRequest> WithFewerFields() => AudienceFields.Fewer(Fields).Select(fewer => this with { Fields = fewer });
}

/// <summary>Where an export job stands.</summary>
internal enum ExportJobState
{
    /// <summary>It waits or runs.</summary>
    UnderWay,

    /// <summary>It has written all of the audience.</summary>
    Succeeded,

    /// <summary>It has failed, or somebody has cancelled it.</summary>
    Failed,
}

/// <summary>An export job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Status">The same in Adobe's word.</param>
internal sealed record ExportJob(string Id, ExportJobState State, string Status)
{
    /// <summary>The dataset that it writes into.</summary>
    public string? DatasetId { get; init; }

    /// <summary>The batch that it writes; null before it has one.</summary>
    public string? BatchId { get; init; }

    /// <summary>The audiences that it exports.</summary>
    public IReadOnlyList<string> SegmentIds { get; init; } = [];

    /// <summary>The fields that it writes, as they were asked for.</summary>
    public string? Fields { get; init; }

    /// <summary>Number of profiles that it has written; null where the platform does not say.</summary>
    public long? Profiles { get; init; }

    /// <summary>When it was made, by the platform's clock.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What Adobe says of a failure.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it was made for a request, with the same fields: one with fewer lacks what the maker of the request needs.</summary>
    public bool IsOf(ExportRequest request) =>
        DatasetId == request.DatasetId
        && SegmentIds is [var only] && only == request.SegmentId
        && GetFields().Order(StringComparer.Ordinal).SequenceEqual(request.Fields.Order(StringComparer.Ordinal));

    /// <summary>The fields that it writes, one by one; none where it writes all.</summary>
    public IReadOnlyList<string> GetFields() => (Fields ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
