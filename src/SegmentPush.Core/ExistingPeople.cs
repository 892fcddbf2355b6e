namespace SegmentPush;

/// <summary>What a push does with the fields of people who exist in Marketo.</summary>
public enum ExistingPeople
{
    /// <summary>Their fields stay as they are.</summary>
    Keep,

    /// <summary>Their mapped fields are written.</summary>
    Update,
}
