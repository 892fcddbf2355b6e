namespace SegmentPush.Marketo;

/// <summary>What a folder is to Marketo; the ids of the two are counted apart.</summary>
public enum FolderType
{
    /// <summary>A folder.</summary>
    Folder = 0,

    /// <summary>A program, which holds assets too.</summary>
    Program = 1,
}
