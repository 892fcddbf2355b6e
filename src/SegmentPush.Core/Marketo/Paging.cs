namespace SegmentPush.Marketo;

/// <summary>Follows an answer's pages to their end, and notices when they have none.</summary>
internal sealed class Paging
{
    /// <summary>Most people or lists that Marketo puts on one page.</summary>
    public const int PageSize = 300;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Token of the page to ask for; null for the first.</summary>
    public string? Token { get; private set; }

    /// <summary>Whether there is another page.</summary>
    /// <param name="call">The call that brought the page.</param>
    /// <param name="next">The page's token for the next one.</param>
    /// <param name="more">What Marketo says about further pages.</param>
    /// <exception cref="MarketoException">The pages go round in circles (<c>PagingStuck</c>).</exception>
    public bool MoveNext(MarketoCall call, string? next, bool? more)
    {
        // Marketo may give a token for what comes later although there is no more now.
        if (next is null ? more != true : more == false)
        {
            return false;
        }

        if (next is null || !_seen.Add(next))
        {
            var what = next is null ? (MessageText)"says that there is more, but not where" : "leads from page to page in a circle";
            throw new MarketoException(ErrorClasses.Of("PagingStuck"), call.Name, $"{call.Name} {what}.");
        }

        Token = next;
        return true;
    }
}
