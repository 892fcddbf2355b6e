using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Spark leaves properties without value out of JSON, so that a part of an export may lack what another one has.</summary>
public sealed class JsonPartsTests
{
    private static readonly SegmentMapping[] s_mapping = [new("email", "email", "Email"), new("title", "title"), new("firstName", "firstName"), new("lastName", "lastName")];

    [Fact]
    public async Task A_part_that_lacks_a_mapped_property_is_pushed_where_another_part_has_it()
    {
        await using var it = await PushFixture.StartAsync();
        it.RejectPath = Path.Combine(it.Folder, "rejected.json");
        it.Mapping = s_mapping;

        var status = await PushAsync(
            it,
            """{"email":"a@x.com","title":"Boss","firstName":"Ann","lastName":"Lee"}""",
            """
            {"email":"b@x.com","firstName":"Bea"}
            {"email":"nobody","firstName":"Eve"}
            {"email":"c@x.com","firstName":"Cy"}
            """);

        Assert.Equal((PushState.Completed, 3L, 1L), (status.State, status.Added, status.Rejected));
        var people = it.Marketo.GetMembers(PushFixture.ListId).Select(id => it.Marketo.FindPerson(id)!).ToArray();
        Assert.Equal(
            ["a@x.com Ann Lee Boss", "b@x.com Bea  ", "c@x.com Cy  "],
            people.Select(person => $"{person["email"]} {person["firstName"]} {person["lastName"]} {person["title"]}").Order(StringComparer.Ordinal));
        Assert.Contains("Eve", await File.ReadAllTextAsync(it.RejectPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_no_part_has_is_refused_before_anything_is_sent()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = s_mapping;
        it.Marketo.ForgetCalls();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => PushAsync(
            it, """{"email":"a@x.com","firstName":"Ann","lastName":"Lee"}""", """{"email":"b@x.com","firstName":"Bea","lastName":"Fox"}"""));

        Assert.Equal("SourceColumnNotFound", error.ErrorId);
        Assert.All(it.Marketo.Calls, call => Assert.Equal("GET", call.Method));
    }

    private static Task<PushStatus> PushAsync(PushFixture it, params string[] parts)
    {
        var sources = parts.Select((part, i) =>
        {
            string path = Path.Combine(it.Folder, $"part-{i}.json");
            File.WriteAllText(path, part + "\n");
            return PushSource.OpenFile(path, FormOptions.None);
        });
        return it.WatchAsync(Push.RunAsync(it.OptionsFor(PersonCreation.MatchExistingAndCreateMissing), [.. sources], CancellationToken.None), null);
    }
}
