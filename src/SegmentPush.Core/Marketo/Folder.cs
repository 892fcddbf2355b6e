namespace SegmentPush.Marketo;

/// <summary>A folder or a program of the instance, in which assets lie.</summary>
/// <param name="Id">Id among those of its type.</param>
/// <param name="Type">What it is.</param>
/// <param name="Name">Name; several folders may have the same one.</param>
/// <param name="Path">Where it lies, such as <c>/Lead Database/Webinars</c>; null where Marketo does not say.</param>
/// <param name="Workspace">Workspace; null where the instance has none.</param>
public sealed record Folder(long Id, FolderType Type, string Name, string? Path, string? Workspace)
{
    /// <summary>Whether an asset that lies in a folder lies in this one.</summary>
    internal bool IsSame(FolderIdAnswer? other) => other is null || (other.Id == Id && other.ToType() == Type);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"'{Name}' ({Type} {Id}{(Path is null ? string.Empty : $", {Path}")})");
}
