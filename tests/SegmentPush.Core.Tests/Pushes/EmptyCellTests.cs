using System.Text;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>An empty cell leaves its field as it is, although Marketo clears the field for an empty cell of an import.</summary>
public sealed class EmptyCellTests
{
    [Theory]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing)]
    [InlineData(PersonCreation.MatchExisting)]
    public async Task No_import_file_has_an_empty_cell_and_fields_stay_as_they_are(PersonCreation creation)
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = Delivery.Bulk;
        it.LeastPeoplePerFile = 10;
        for (int i = 0; i < 60; i++) it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = $"p{i}@example.com", ["firstName"] = "Old", ["lastName"] = "Kept" });

        // Two common sets of filled columns, and a rare one.
        var status = await it.PushAsync(
            creation,
            Enumerable.Range(0, 60).Select(i => i < 40 ? [$"p{i}@example.com", "New", "Last"] : i < 55 ? [$"p{i}@example.com", "New"] : new[] { $"p{i}@example.com", "", "Last" }),
            existing: ExistingPeople.Update);

        Assert.Null(it.Error);
        Assert.Equal((PushState.Completed, 60, 60), (status.State, status.Added, it.Members().Length));
        Assert.Equal(2, it.Calls()["import"]);
        Assert.Equal(("New", "Last"), NameOf(it, 0));
        Assert.Equal(("New", "Kept"), NameOf(it, 50));
        Assert.Equal(("Old", "Last"), NameOf(it, 57));
    }

    [Fact]
    public async Task Files_hold_people_with_values_for_all_their_columns_and_nobody_is_lost()
    {
        await using var it = await PushFixture.StartAsync();
        var target = await PushTarget.ResolveAsync(it.OptionsFor(PersonCreation.MatchExistingAndCreateMissing), CancellationToken.None);
        int number = 0;
        using var groups = new ImportGroups(ImportColumns.All(target, byId: false), columns => new ImportFile(columns, ++number, 2_000), leastPeople: 12);
        var random = new Random(7);
        var people = Enumerable.Range(1, 600).Select(row => PersonOf(target, row, random)).ToArray();
        var tooLarge = new List<Person>();
        var files = new List<ImportFile>();

        foreach (var batch in people.Chunk(37)) files.AddRange(groups.Add(batch, tooLarge));
        files.AddRange(groups.TakeFiles(tooLarge));
        var rare = groups.TakeRare();

        Assert.Empty(tooLarge);
        Assert.Equal(600, files.Sum(file => file.Rows) + rare.Count);
        Assert.True(files.Count > 3);
        foreach (var file in files)
        {
            string[] lines = Encoding.UTF8.GetString([.. file.Bytes.SelectMany(piece => piece.ToArray())]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Count(cell => cell.Length > 0)));
            file.Dispose();
        }
    }

    // The company's field is no column of a file that finds people by their ids, so that the field with a number stands a column before it.
    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    public async Task No_file_has_an_empty_cell_where_a_mapping_has_more_fields_than_a_set_can_hold(int empty)
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.Body(Description(130)) with { Path = "/rest/v1/leads/describe2.json" });
        it.Mapping = [new("email", "email", "Email"), new("company", "company"), .. Enumerable.Range(1, 129).Select(i => new SegmentMapping($"column{i}", $"field{i}"))];
        var target = await PushTarget.ResolveAsync(it.OptionsFor(PersonCreation.MatchExisting, ExistingPeople.Update), CancellationToken.None);
        int number = 0;
        using var groups = new ImportGroups(ImportColumns.All(target, byId: true), columns => new ImportFile(columns, ++number, 100_000), leastPeople: 1);
        var values = new PersonValues.Writer(130);
        for (int i = 0; i < 130; i++) values.Add(i == empty ? "" : "v");

        var files = groups.Add([new Person(0, 1, "p1@example.com", values.Take()) { MarketoId = 17 }], []);
        files.AddRange(groups.TakeFiles([]));

        Assert.Equal(1, files.Count + groups.TakeRare().Count);
        foreach (var file in files)
        {
            Assert.DoesNotContain(",,", Encoding.UTF8.GetString([.. file.Bytes.SelectMany(piece => piece.ToArray())]) + ",", StringComparison.Ordinal);
            file.Dispose();
        }
    }

    [Fact]
    public async Task The_plan_tells_what_empty_cells_cost()
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = Delivery.Bulk;
        it.LeastPeoplePerFile = 10;

        var full = await it.PlanAsync(PersonCreation.MatchExistingAndCreateMissing, Enumerable.Range(0, 60).Select(i => new[] { $"p{i}@example.com", "New", "Last", "Corp" }));
        var sparse = await it.PlanAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            Enumerable.Range(0, 60).Select(i => i < 40 ? [$"p{i}@example.com", "New", "Last"] : i < 55 ? [$"p{i}@example.com", "New"] : new[] { $"p{i}@example.com", "", "Last" }));

        Assert.DoesNotContain("empty cell", full.DeliveryReason, StringComparison.Ordinal);
        Assert.Contains("2 sets", sparse.DeliveryReason, StringComparison.Ordinal);
        Assert.Contains("5 people", sparse.DeliveryReason, StringComparison.Ordinal);
        Assert.Equal(full.Calls + 4 + 2, sparse.Calls);
    }

    // What Marketo tells of an instance with fields of its own.
    private static string Description(int fields)
    {
        var names = Enumerable.Range(1, fields).Select(i => $"field{i}").Prepend("company").Select(name => Field(name, "string"));
        return $$"""
            {"requestId":"1","success":true,"result":[{"name":"API Lead","searchableFields":[["email"]],"fields":[{{string.Join(',', names.Prepend(Field("email", "email")))}}]}]}
            """;

        static string Field(string name, string type) => $$"""{"name":"{{name}}","displayName":"{{name}}","dataType":"{{type}}","length":255,"updateable":true}""";
    }

    // Most have all values, as in real exports.
    private static Person PersonOf(PushTarget target, int row, Random random)
    {
        var values = new PersonValues.Writer(target.Mapping.AttributeFields.Count);
        for (int i = 0; i < target.Mapping.AttributeFields.Count; i++) values.Add(random.Next(4) == 0 ? "" : "v");
        return new Person(0, row, $"p{row}@example.com", values.Take());
    }

    private static (string? First, string? Last) NameOf(PushFixture it, int i)
    {
        var person = it.Marketo.FindPeople("email", $"p{i}@example.com").Single();
        return (person["firstName"]?.ToString(), person["lastName"]?.ToString());
    }
}
