namespace SegmentPush;

/// <summary>Whether a push may create people in Marketo.</summary>
public enum PersonCreation
{
    /// <summary>Only people who exist in Marketo are put on the list; nobody is created.</summary>
    MatchExisting,

    /// <summary>People who do not exist are created with their mapped fields.</summary>
    MatchExistingAndCreateMissing,
}
