namespace SegmentPush.Journal.Sql;

/// <summary>Parts of SQL text that queries about people share: a person in an import file has its outcome.</summary>
internal static class PersonSql
{
    /// <summary>People <c>p</c> with the import <c>i</c> that they are in.</summary>
    public const string WithImport = "person p LEFT JOIN import_file i ON i.push_key = p.push_key AND i.number = p.import_number";

    /// <summary>The outcome. A person that the snapshot knew was on the list before the import.</summary>
    public static readonly string Outcome =
        $"CASE WHEN i.number IS NULL THEN p.outcome WHEN i.outcome = {(int)PersonOutcome.Added} AND p.member_number IS NOT NULL THEN {(int)PersonOutcome.AlreadyMember} ELSE i.outcome END";

    /// <summary>Names of the sources of a push in their order, with the list itself where people came from it.</summary>
    public static string[] GetSources(ISqlSession session, long pushKey) => [.. session.Query(
        "SELECT name FROM push_source WHERE push_key = @key ORDER BY source", row => row.GetString(0), ("@key", pushKey))];
}
