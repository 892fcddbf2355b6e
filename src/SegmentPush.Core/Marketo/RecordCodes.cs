namespace SegmentPush.Marketo;

/// <summary>Codes that Marketo gives for single records and that a push treats in its own way.</summary>
internal static class RecordCodes
{
    /// <summary>Nobody has this key or id.</summary>
    public const string NotFound = "1004";

    /// <summary>Somebody has this key already, so nobody was created.</summary>
    public const string AlreadyExists = "1005";

    /// <summary>Several people have this key.</summary>
    public const string SeveralMatch = "1007";

    /// <summary>The person is not on the list; harmless on removal.</summary>
    public const string NotOnList = "1015";

    /// <summary>The record writes a field of the person's company.</summary>
    public const string CompanyField = "1021";

    /// <summary>The client's own: one record alone is larger than a call may be; it was not sent.</summary>
    public const string TooLarge = "RecordTooLarge";
}
