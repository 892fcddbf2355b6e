namespace SegmentPush.Sandbox.People;

/// <summary>A folder or a program, which static lists can be in.</summary>
/// <param name="Id">Id among the folders, or among the programs.</param>
/// <param name="Type"><c>Folder</c> or <c>Program</c>.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">What it is for, <c>folderType</c> in answers.</param>
/// <param name="Parent">What it is in; null for a root.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Folder(int Id, string Type, string Name, string Kind, Folder? Parent, DateTimeOffset CreatedAt)
{
    public bool IsProgram => Type == "Program";

    public string Path => Parent?.Path + "/" + Name;

    /// <summary>How many folders deep it is under another; 0 for that one itself, null where it is not under it.</summary>
    public int? DepthUnder(Folder? other)
    {
        int depth = 0;
        for (var folder = this; ; folder = folder.Parent, depth++)
        {
            if (ReferenceEquals(folder, other)) return depth;
            if (folder is null) return null;
        }
    }
}
