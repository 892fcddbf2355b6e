namespace SegmentPush.Mappings;

/// <summary>What the status of a push counts of people besides their outcomes.</summary>
[Flags]
internal enum PersonRemarks : byte
{
    None = 0,

    /// <summary>Marketo has refused the fields of the person's company.</summary>
    WithoutCompanyFields = 1,

    /// <summary>Several people in Marketo have the identity, and one of them was taken.</summary>
    OneOfSeveral = 2,
}
