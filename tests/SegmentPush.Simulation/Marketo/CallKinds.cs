using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Marketo;

/// <summary>Tells what a request calls by its method and address alone.</summary>
internal static class CallKinds
{
    /// <summary>The kind of a call.</summary>
    public static CallKind Of(HttpRequestMessage request)
    {
        string path = request.RequestUri!.AbsolutePath, method = request.Method.Method;
        return path switch
        {
            "/identity/oauth/token" => CallKind.Token,
            "/rest/v1/stats/usage.json" => CallKind.Usage,
            "/rest/v1/leads/describe2.json" => CallKind.Describe,
            "/rest/v1/leads/partitions.json" => CallKind.Partitions,
            "/rest/v1/leads.json" => method == "GET" || request.RequestUri.Query.Contains("_method=GET", StringComparison.Ordinal) ? CallKind.Lookup : CallKind.Sync,
            "/bulk/v1/leads.json" => CallKind.Import,
            "/bulk/v1/leads/export/create.json" => CallKind.ExportCreate,
            _ when path.EndsWith("/enqueue.json", StringComparison.Ordinal) => CallKind.ExportEnqueue,
            _ when path.EndsWith("/status.json", StringComparison.Ordinal) => CallKind.ExportStatus,
            _ when path.EndsWith("/file.json", StringComparison.Ordinal) => CallKind.ExportFile,
            _ when path.EndsWith("/failures.json", StringComparison.Ordinal) => CallKind.ImportFailures,
            _ when path.EndsWith("/warnings.json", StringComparison.Ordinal) => CallKind.ImportWarnings,
            _ when path.StartsWith("/bulk/v1/leads/batch/", StringComparison.Ordinal) => CallKind.ImportStatus,
            _ when path.EndsWith("/ismember.json", StringComparison.Ordinal) => CallKind.IsMember,
            _ when path.EndsWith("/leads.json", StringComparison.Ordinal) => method switch
            {
                "GET" => CallKind.ReadList,
                "DELETE" => CallKind.Remove,
                _ => CallKind.Add,
            },
            _ when path.StartsWith("/rest/v1/lists/", StringComparison.Ordinal) => CallKind.ListInfo,
            _ => CallKind.Other,
        };
    }
}
