namespace SegmentPush;

/// <summary>What happened to the person's record in Marketo, apart from list membership.</summary>
public enum PersonChange
{
    /// <summary>Nothing was sent for this person, or Marketo did not tell.</summary>
    Unknown = 0,

    /// <summary>The person was created.</summary>
    Created = 1,

    /// <summary>The person existed and mapped fields were written.</summary>
    Updated = 2,

    /// <summary>The person existed and no field was written.</summary>
    Unchanged = 3,
}
