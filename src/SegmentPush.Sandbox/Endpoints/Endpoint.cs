using System.Globalization;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>One path of the instance.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path; <c>{id}</c> stands for a number, any other name in braces for any text.</param>
/// <param name="Parameters">Parameters that it knows, in query or form.</param>
/// <param name="Answer">Executes a call.</param>
internal sealed record Endpoint(string Method, string Path, string[] Parameters, Func<Call, ValueTask<Reply>> Answer)
{
    public Endpoint(string method, string path, string[] parameters, Func<Call, Reply> answer)
        : this(method, path, parameters, call => ValueTask.FromResult(answer(call)))
    {
    }

    /// <summary>What its calls need; those that read by form don't.</summary>
    public Permission Permission { get; init; }

    /// <summary>Whether a path is this one; gives what stands in its variable place.</summary>
    public bool Fits(string path, out string variable)
    {
        variable = "";
        int start = Path.IndexOf('{', StringComparison.Ordinal);
        if (start < 0) return path == Path;
        int end = Path.IndexOf('}', StringComparison.Ordinal) + 1;
        string tail = Path[end..];
        if (path.Length <= start + tail.Length
            || !path.StartsWith(Path[..start], StringComparison.Ordinal)
            || !path.EndsWith(tail, StringComparison.Ordinal))
        {
            return false;
        }

        variable = path[start..^tail.Length];
        return Path[start..end] == "{id}"
            ? int.TryParse(variable, CultureInfo.InvariantCulture, out _)
            : !variable.Contains('/', StringComparison.Ordinal);
    }
}
