using System.Net.Http.Headers;

namespace SegmentPush.Platform;

/// <summary>One request to Experience Platform, as often as it may have to be sent.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">From the host's root, without query.</param>
internal sealed record PlatformCall(HttpMethod Method, string Path)
{
    /// <summary>Query without the question mark, already escaped; empty for none.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>The JSON body, which may be empty; null for a call without the header of one.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The value of its header Accept.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>The permission that the call needs, as the screen Permissions > Roles names it; null where none is known.</summary>
    public string? Permission { get; init; }

    /// <summary>Whether sending it twice does what sending it once does.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>Whether an answer without a body is a success, too.</summary>
    public bool MayAnswerNothing { get; init; } = Method == HttpMethod.Delete;

    /// <summary>Whether the answer is a file rather than JSON.</summary>
    public bool AnswersFile { get; init; }

    /// <summary>The part of a file that is asked for; null for all of it.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>About how many bytes the answer has.</summary>
    public int ExpectedBytes { get; init; } = 8 * 1024;

    /// <summary>Method and path, to be shown.</summary>
    public string Name => $"{Method.Method} {Path}";
}
