namespace SegmentPush;

/// <summary>The kind of a file.</summary>
public enum FileFormat
{
    /// <summary>Rows of text whose cells a character parts.</summary>
    Delimited = 0,

    /// <summary>JSON objects, one after the other or in one array.</summary>
    Json = 1,

    /// <summary>Apache Parquet.</summary>
    Parquet = 2,
}

/// <summary>How a file as a whole is compressed.</summary>
public enum FileCompression
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>As gzip.</summary>
    Gzip = 1,
}
