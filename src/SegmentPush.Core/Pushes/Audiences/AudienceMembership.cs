using SegmentPush.Mappings;
using SegmentPush.Platform;
using SegmentPush.Segments;

namespace SegmentPush.Pushes.Audiences;

/// <summary>Where profiles say whether they are in an audience.</summary>
/// <param name="Namespace">Namespace of the membership.</param>
/// <param name="Ids">Ids under which the audience may stand there.</param>
internal sealed record AudienceMembership(string Namespace, IReadOnlyList<string> Ids)
{
    private const string Status = "status", Qualified = "lastQualificationTime";

    /// <summary>The memberships in an audience.</summary>
    public static AudienceMembership Of(PlatformAudience audience) =>
        new(audience.MembershipNamespace, audience.AudienceId is not { } own || own == audience.Id ? [audience.Id] : [audience.Id, own]);

    /// <summary>Finds the columns of the status and of the time at which it came about.</summary>
    /// <param name="columns">The columns of the source.</param>
    /// <param name="find">Finds a column by its name or path; -1 for none.</param>
    /// <returns>Their numbers; -1 for none.</returns>
    public (int Status, int Qualified) Find(IReadOnlyList<string> columns, Func<string, int> find)
    {
        foreach (string id in Ids)
        {
            string path = $"{SegmentMembership.Map}.{Namespace}.{id}.";
            if (find(path + Status) is >= 0 and var status) return (status, find(path + Qualified));
        }

        // A file destination writes one audience, whose namespace and id may stand in the names or not.
        return (FindFlat(columns, find, Status), FindFlat(columns, find, Qualified));
    }

    private static int FindFlat(IReadOnlyList<string> columns, Func<string, int> find, string name)
    {
        string begin = ColumnNames.FoldPath(SegmentMembership.Map) + "_", end = "_" + ColumnNames.FoldPath(name);
        string[] found = [.. columns.Where(column => ColumnNames.FoldPath(column) is var folded
            && folded.StartsWith(begin, StringComparison.Ordinal) && folded.EndsWith(end, StringComparison.Ordinal) && !column.Contains('.', StringComparison.Ordinal))];
        return found is [var only] ? find(only) : -1;
    }
}
