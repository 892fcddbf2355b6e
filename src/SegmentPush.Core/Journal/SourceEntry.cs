namespace SegmentPush.Journal;

/// <summary>A source of a push, as far as it must be known to go on with the push.</summary>
/// <param name="Name">The file, the audience, or <c>pipeline</c>.</param>
/// <param name="Form">The form of a file, or what is asked of Experience Platform for an audience, as text; null for a pipeline, and for the list itself.</param>
/// <param name="Description">The form as a line for people; null for the list itself.</param>
/// <param name="Spool">Name beside the journal of the file with the rows of a pipeline, or of the folder with the files of an audience; null for a file.</param>
internal sealed record SourceEntry(string Name, string? Form, string? Description, string? Spool)
{
    /// <summary>The source of people who are named by no row: the list itself.</summary>
    public static SourceEntry StaticList { get; } = new("static list", null, null, null);
}
