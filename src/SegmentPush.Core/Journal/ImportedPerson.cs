namespace SegmentPush.Journal;

/// <summary>A person who is in an import file.</summary>
internal readonly record struct ImportedPerson(int Source, long Row, string Identity, long? MarketoId, MemberMark? Mark = null);
