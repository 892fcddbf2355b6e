namespace SegmentPush.Marketo;

/// <summary>What a folder is to Marketo; the ids of the two are counted apart.</summary>
internal enum FolderType
{
    Folder = 0,
    Program,
}
