using System.Data.Common;

namespace SegmentPush.Journal.Sql;

/// <summary>
/// An open database that the stores of one process share. Their SQL is such as each database understands; what differs is asked for here.
/// It serves one thread at a time.
/// </summary>
internal interface ISqlSession
{
    /// <summary>The moment that others who use the journal go by, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Reads. Faults of the database become errors that say what to do.</summary>
    /// <param name="work">Runs queries. It may run again after the connection was lost.</param>
    T Read<T>(Func<T> work);

    /// <summary>Writes in one transaction: all of it, or nothing.</summary>
    /// <param name="work">Runs queries and statements. It may run again after the connection was lost.</param>
    void Write(Action work);

    /// <summary>Runs a statement of a transaction, at the latest when the transaction ends.</summary>
    /// <param name="sql">Its text, which is the caller's own; every value is a parameter or a number.</param>
    /// <param name="values">The parameters.</param>
    void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values);

    /// <summary>The number that a query tells.</summary>
    long Count(string sql, params ReadOnlySpan<(string Name, object? Value)> values);

    /// <summary>The rows of a query.</summary>
    /// <param name="sql">Its text, which is the caller's own.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="values">The parameters.</param>
    List<T> Query<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values);

    /// <summary>A condition: two texts are the same without regard to the case of ASCII letters.</summary>
    string IsSameText(string column, string parameter);

    /// <summary>A condition: a text has the form of a pattern of LIKE without regard to the case of ASCII letters. A backslash takes the sign after it literally.</summary>
    string IsLike(string column, string parameter);

    /// <summary>What an update of <c>person</c> sets so that people have another number in the snapshot, or none.</summary>
    /// <param name="number">An expression for the number; <c>NULL</c> for none.</param>
    string SetMemberNumber(string number);

    /// <summary>Until the transaction ends, nobody changes destinations while another one enters a push.</summary>
    /// <param name="isShared">Whether others who enter pushes may do so at the same time.</param>
    void LockDestinations(bool isShared);

    /// <summary>An expression for the machine that a push runs on, or ran on; null where the journal is of one machine.</summary>
    string MachineOfPush { get; }

    /// <summary>What an update of a push sets besides: its machine, the parameter <c>@machine</c>. Where that is null, it is this machine.</summary>
    string MachineUpdate { get; }

    /// <summary>Gives the space of removed rows back to the disk.</summary>
    void GiveSpaceBack();

    /// <summary>The error for content that can be read, and that is not what was written.</summary>
    SegmentPushException Damaged(Exception cause);
}
