namespace SegmentPush.Lists;

/// <summary>A person that the snapshot knows on its list.</summary>
/// <param name="Number">Number in the snapshot.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell, or has put it in doubt.</param>
/// <param name="Key">Key of the identity.</param>
internal readonly record struct SnapshotMember(int Number, long? MarketoId, MemberKey Key)
{
    /// <summary>The id that is in doubt, since an import or a reading of the list: another person may have the identity by now. Null where there is none.</summary>
    public long? DoubtedId { get; init; }

    /// <summary>Tells people apart: entries with one id, also in doubt, stand for one person. Less than 0 where no id is known.</summary>
    public long PersonKey => MarketoId ?? DoubtedId ?? -(long)Number;
}
