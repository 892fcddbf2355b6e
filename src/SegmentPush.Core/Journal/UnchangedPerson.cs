namespace SegmentPush.Journal;

/// <summary>A person of a segment who is on the list of its destination already, with just the values of its row.</summary>
/// <param name="Source">Which of the push's sources the row is from.</param>
/// <param name="Row">Number of the row.</param>
/// <param name="Identity">The identity's value.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell.</param>
internal readonly record struct UnchangedPerson(int Source, long Row, string Identity, long? MarketoId);
