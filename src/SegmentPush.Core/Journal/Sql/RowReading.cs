using System.Globalization;
using System.Data.Common;

namespace SegmentPush.Journal.Sql;

/// <summary>Reads values of a row that may be null, or that not every database has a type for.</summary>
internal static class RowReading
{
    /// <summary>A text; null where there is none.</summary>
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A number; null where there is none.</summary>
    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>A moment, which is stored in ticks of UTC; null where there is none.</summary>
    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);

    /// <summary>A yes or no, which is stored as 1 or 0.</summary>
    public static bool Flag(this DbDataReader row, int column) => row.GetInt64(column) != 0;

    /// <summary>The id of a push, which is stored as text.</summary>
    public static Guid Id(this DbDataReader row, int column) => Guid.Parse(row.GetString(column), CultureInfo.InvariantCulture);

    /// <summary>What the snapshot is to learn of a person: hash of the identity, hash of the values sent, and number of the member.</summary>
    public static MemberMark? Mark(this DbDataReader row, int column) => row.IsDBNull(column) ? null : new MemberMark(
        Hash128.Read(row.GetFieldValue<byte[]>(column)), row.NumberOrNull(column + 1), (int?)row.NumberOrNull(column + 2));
}
