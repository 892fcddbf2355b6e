namespace SegmentPush.Journal;

/// <summary>How far an import file of a push has come. The numbers are those of the journal.</summary>
internal enum ImportFileState
{
    /// <summary>People are added to it; it has not been sent.</summary>
    Filling = 0,

    /// <summary>Its upload is about to leave or has left, and the answer with the number of the import is not known.</summary>
    Uploading = 1,

    /// <summary>Marketo has accepted it. It may be queued, under way or over.</summary>
    Accepted = 2,

    /// <summary>All its people have an outcome, save those who were left open and are sent again.</summary>
    Settled = 3,

    /// <summary>Its people are uploaded again, because Marketo has given the import up or does not know it any more.</summary>
    Lost = 4,

    /// <summary>The import is over, and Marketo does not account for its people: they are sent again by calls, which answer for each person.</summary>
    Unaccounted = 5,
}
