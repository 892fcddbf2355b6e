namespace SegmentPush.Segments;

/// <summary>The rows of a file whose form is settled. Each format has one.</summary>
internal interface IFileContent
{
    /// <summary>Begins to read the columns that are asked for.</summary>
    ISegmentReader Open();

    /// <summary>Begins to read columns of rows that are read once more before anything is done with them.</summary>
    ISegmentReader OpenToReview() => Open();

    /// <summary>Begins to read whole rows, as a reject file takes them.</summary>
    ISegmentReader OpenWhole() => Open();
}

/// <summary>The rows of a file that has not even a header: none.</summary>
internal sealed record NoContent : IFileContent
{
    public ISegmentReader Open() => EmptyReader.Instance;
}
