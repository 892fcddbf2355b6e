using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Waits until nothing that another push has begun can still create people: a sync call whose answer was lost, or an import that is under
/// way. Marketo makes duplicates of a person who is created twice at once, so the push that comes next must not create before.
/// </summary>
internal sealed class OpenCreateWait(IOpenCallStore calls, MarketoConnection connection, BulkOptions options, Action<MessageText> warn)
{
    /// <summary>Waits for other pushes into the same instance. The lock for creating must be held.</summary>
    /// <param name="push">The push that is to create.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WaitAsync(Guid push, CancellationToken cancellation)
    {
        if (calls.FindLastCreate(connection.Instance, push, connection.MarketoNow - CallExpiry.Longest) is { } sentAt)
        {
            await CallExpiry.WaitAsync(sentAt, connection.MarketoNow, connection.Time, warn, cancellation).ConfigureAwait(false);
            calls.EndCreates(connection.Instance, push, sentAt);
        }

        await new OpenImportWait(calls, connection, options, warn)
            .WaitAsync(calls.GetCreatingImports(connection.Instance, push), "two that create people at once would make duplicates", cancellation).ConfigureAwait(false);
    }
}
