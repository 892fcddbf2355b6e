namespace SegmentPush.Marketo;

/// <summary>A field of people in the instance.</summary>
/// <param name="Name">REST API name.</param>
/// <param name="DisplayName">Name in Marketo's UI.</param>
/// <param name="DataType">Marketo's name of its type, such as <c>string</c>.</param>
/// <param name="Length">Greatest length of a value; null where there is none.</param>
/// <param name="Updateable">Whether the API may write it.</param>
/// <param name="Searchable">Whether people can be looked up by it alone.</param>
public sealed record LeadField(
    string Name, string DisplayName, string DataType, int? Length, bool Updateable, bool Searchable)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
