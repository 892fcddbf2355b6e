using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;

namespace SegmentPush.Core.Tests;

/// <summary>Which room of Core may know which other one. A room is the first part of a namespace after <c>SegmentPush</c>, as folders are named.</summary>
public sealed partial class HouseTests
{
    /// <summary>For each room the other rooms that it may know. All rooms may know what lies in Core's root.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> s_mayKnow = new Dictionary<string, string[]>
    {
        ["Calls"] = [],
        ["Marketo"] = ["Calls"],
        ["Platform"] = ["Calls"],
        ["Segments"] = [],
        ["Mappings"] = [],
        ["Lists"] = ["Mappings", "Marketo"],
        ["Journal"] = ["Lists"],
        ["Destinations"] = ["Mappings", "Lists", "Journal"],
        ["Accounts"] = ["Calls", "Marketo", "Platform", "Mappings", "Journal"],
        ["Pushes"] = ["Calls", "Segments", "Mappings", "Marketo", "Platform", "Lists", "Journal", "Destinations"],
        ["Schedules"] = ["Journal"],
        ["Reports"] = ["Lists", "Journal", "Destinations", "Pushes"],
    };

    private static readonly Architecture s_core = new ArchLoader().LoadAssemblies(typeof(SegmentPushException).Assembly).Build();

    [Fact]
    public void Rooms_know_only_the_rooms_that_they_may()
    {
        var wrong = s_core.Types
            .Where(type => RoomOf(type) is not null)
            .SelectMany(type => type.GetTypeDependencies().Select(other => (Type: type, Other: other)))
            .Where(pair => RoomOf(pair.Other) is { } other && RoomOf(pair.Type) is { } room && other != room && !s_mayKnow[room].Contains(other))
            .Select(pair => $"{pair.Type.FullName} knows {pair.Other.FullName}")
            .Distinct().Order(StringComparer.Ordinal).ToArray();

        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Every_room_has_its_rule() => Assert.Equal(
        s_mayKnow.Keys.Order(StringComparer.Ordinal),
        s_core.Types.Select(RoomOf).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_root_knows_no_room()
    {
        var wrong = s_core.Types
            .Where(type => type.Namespace.FullName == "SegmentPush")
            .SelectMany(type => type.GetTypeDependencies().Where(other => RoomOf(other) is not null).Select(other => $"{type.FullName} knows {other.FullName}"));

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("SegmentPush.Journal.Sqlite.", "Microsoft.Data.Sqlite.", "SQLitePCL.")]
    [InlineData("SegmentPush.Journal.Postgres.", "Npgsql.", "NpgsqlTypes.")]
    public void Only_the_stores_of_a_database_know_its_packages(string stores, params string[] packages)
    {
        var wrong = s_core.Types
            .Where(type => !type.FullName.StartsWith(stores, StringComparison.Ordinal))
            .SelectMany(type => type.GetTypeDependencies()
                .Where(other => packages.Any(package => other.FullName.StartsWith(package, StringComparison.Ordinal)))
                .Select(other => $"{type.FullName} knows {other.FullName}"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Above_the_journal_nobody_knows_which_database_it_is()
    {
        string[] databases = ["SegmentPush.Journal.Sql.", "SegmentPush.Journal.Sqlite.", "SegmentPush.Journal.Postgres."];
        var wrong = s_core.Types
            .Where(type => RoomOf(type) != "Journal")
            .SelectMany(type => type.GetTypeDependencies()
                .Where(other => databases.Any(database => other.FullName.StartsWith(database, StringComparison.Ordinal)))
                .Select(other => $"{type.FullName} knows {other.FullName}"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void One_database_does_not_know_the_other()
    {
        var wrong = s_core.Types
            .Where(type => type.FullName.StartsWith("SegmentPush.Journal.Sq", StringComparison.Ordinal))
            .SelectMany(type => type.GetTypeDependencies()
                .Where(other => other.FullName.StartsWith("SegmentPush.Journal.Postgres.", StringComparison.Ordinal)
                    || (other.FullName.StartsWith("SegmentPush.Journal.Sqlite.", StringComparison.Ordinal) && type.FullName.StartsWith("SegmentPush.Journal.Sql.", StringComparison.Ordinal)))
                .Select(other => $"{type.FullName} knows {other.FullName}"));

        Assert.Empty(wrong);
    }

    private static string? RoomOf(IType type) => Room().Match(type.FullName) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^SegmentPush\.(\w+)\.")]
    private static partial Regex Room();
}
