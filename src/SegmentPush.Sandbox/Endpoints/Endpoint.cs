namespace SegmentPush.Sandbox.Endpoints;

/// <summary>One path of the instance.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path; <c>{id}</c> stands for a number.</param>
/// <param name="Parameters">Parameters that it knows, in query or form.</param>
/// <param name="Answer">Executes a call.</param>
internal sealed record Endpoint(string Method, string Path, string[] Parameters, Func<Call, ValueTask<Reply>> Answer)
{
    public Endpoint(string method, string path, string[] parameters, Func<Call, Reply> answer)
        : this(method, path, parameters, call => ValueTask.FromResult(answer(call)))
    {
    }

    /// <summary>Whether a path is this one; sets the id in it.</summary>
    public bool Fits(string path, out int id)
    {
        id = 0;
        int at = Path.IndexOf("{id}", StringComparison.Ordinal);
        if (at < 0) return path == Path;
        string tail = Path[(at + 4)..];
        return path.Length > at + tail.Length
            && path.StartsWith(Path[..at], StringComparison.Ordinal)
            && path.EndsWith(tail, StringComparison.Ordinal)
            && int.TryParse(path[at..^tail.Length], System.Globalization.CultureInfo.InvariantCulture, out id);
    }
}
