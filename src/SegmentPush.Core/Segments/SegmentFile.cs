namespace SegmentPush.Segments;

/// <summary>What a look at a file of people has found.</summary>
public sealed record SegmentFile
{
    /// <summary>Full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the file.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The kind of the file.</summary>
    public required FileFormat Format { get; init; }

    /// <summary>How the file as a whole is compressed.</summary>
    public required FileCompression Compression { get; init; }

    /// <summary>Registered name of the encoding, such as <c>utf-8</c>; null where the format settles it.</summary>
    public string? Encoding { get; init; }

    /// <summary>The character between two cells; null where the file is not delimited.</summary>
    public char? Delimiter { get; init; }

    /// <summary>How a quote is written inside a quoted cell; null where the file is not delimited.</summary>
    public CellEscape? Escape { get; init; }

    /// <summary>Unquoted texts that mean no value.</summary>
    public required IReadOnlyList<string> NullText { get; init => field = ShownList.Of(value); }

    /// <summary>Names of the columns, or paths of nested values.</summary>
    public required IReadOnlyList<string> Columns { get; init => field = ShownList.Of(value); }

    /// <summary>Number of rows; null where counting them would mean to read them.</summary>
    public long? Rows { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>When the export was made, as its name or its manifest says, UTC; null where neither does.</summary>
    public DateTime? ExportTime { get; init; }

    /// <summary>Number of this part of the export; 1 is the first.</summary>
    public int Part { get; init; } = 1;

    /// <summary>Number of files of the export.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Path of the export's manifest; null where there is none.</summary>
    public string? Manifest { get; init; }

    /// <summary>Id of the segment in Experience Platform, where the file's name tells it.</summary>
    public string? SegmentId { get; init; }

    /// <summary>Whether the export has all parts that its names and its manifest tell of.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The first rows as objects.</summary>
    public IReadOnlyList<object> Sample { get; init => field = ShownList.Of(value); } = ShownList.Of<object>([]);

    /// <inheritdoc/>
    public override string ToString() => Path;
}
