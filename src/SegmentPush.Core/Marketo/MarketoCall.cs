using System.Net.Http.Headers;

namespace SegmentPush.Marketo;

/// <summary>One request to the instance, as often as it may have to be sent.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">From the host's root, without query.</param>
internal sealed record MarketoCall(HttpMethod Method, string Path)
{
    /// <summary>Query without the question mark, already escaped; empty for none.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>The body in pieces, sent one after the other; empty for none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Body { get; init; } = [];

    /// <summary>Content type of the body; null for a call without one.</summary>
    public string? ContentType { get; init; }

    /// <summary>Under which name the body is sent as a file in a form; null where it is sent as it is.</summary>
    public FormFile? FormFile { get; init; }

    /// <summary>Is called right before each attempt is sent, after all waiting for pace and token; null where nobody wants to know.</summary>
    public Action? Sending { get; init; }

    /// <summary>Is called after an attempt that Marketo has not executed, where none before it may have been either; null where nobody wants to know.</summary>
    public Action? NotRun { get; init; }

    /// <summary>How long Marketo may execute it after it was sent, where it changes people or lists; null where it changes none.</summary>
    public TimeSpan? RunsFor { get; init; }

    /// <summary>Whether sending it twice does what sending it once does.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>Whether the answer is a file rather than JSON.</summary>
    public bool AnswersFile { get; init; }

    /// <summary>The part of a file that is asked for; null for all of it.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <summary>Takes the bytes of an answer that is kept; null where it is read at once.</summary>
    public PooledBytes? Into { get; init; }

    /// <summary>How many people it carries.</summary>
    public int Records { get; init; }

    /// <summary>Bulk calls know no compression.</summary>
    public bool IsBulk => Path.StartsWith("/bulk/", StringComparison.Ordinal);

    /// <summary>Calls for lists and folders as things, not for who is on them; they have a permission of their own.</summary>
    public bool IsAsset => Path.StartsWith("/rest/asset/", StringComparison.Ordinal);

    /// <summary>Method and path, to be shown.</summary>
    public string Name => $"{Method.Method} {Path}";
}
