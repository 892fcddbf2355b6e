using CsCheck;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class PushPropertyTests
{
    private static readonly Gen<string> s_cell = Gen.OneOf(
        Gen.Int[0, 12].Select(i => $"p{i}@example.com"),
        Gen.Int[0, 12].Select(i => $" P{i}@Example.com "),
        Gen.OneOf(Gen.Const(""), Gen.Const("ann"), Gen.Const("a,b@example.com"), Gen.Const("\"quoted\""), Gen.Const("\"open"), Gen.Const("a\0b"), Gen.Const("=1+1"), Gen.Const("é@example.com")),
        Gen.String[Gen.Char["aé\",;\n\r=@ \u202E\uFFFF"], 0, 6]);

    private static readonly Gen<string> s_file =
        from rows in Gen.OneOf(s_cell.Array[3], s_cell.Array[3], s_cell.Array[0, 4]).Array[0, 25]
        select "email,first,last\n" + string.Join('\n', rows.Select(row => string.Join(',', row)));

    [Theory]
    [InlineData(PersonCreation.MatchExisting, Delivery.Sync)]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing, Delivery.Sync)]
    [InlineData(PersonCreation.MatchExisting, Delivery.Bulk)]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing, Delivery.Bulk)]
    public async Task Any_file_in_every_row_has_one_outcome_and_the_list_is_who_was_added(PersonCreation creation, Delivery delivery)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Delivery = delivery;
        it.Mapping = [new SegmentMapping("email", "email"), new SegmentMapping("first", "firstName"), new SegmentMapping("last", "lastName")];
        it.Exist([.. Enumerable.Range(0, 6).Select(i => $"p{i}@example.com")]);

        await s_file.SampleAsync(
            async text =>
            {
                string path = Path.Combine(it.Folder, Guid.NewGuid().ToString("N") + ".csv");
                await File.WriteAllTextAsync(path, text);
                it.Marketo.SetMembers(PushFixture.ListId, []);
                try
                {
                    var status = await it.PushFileAsync(creation, path);
                    Assert.Equal(
                        status.Activated > 0 || status.Received == 0 ? (PushState.Completed, null) : (PushState.Failed, "NobodyArrived"), (status.State, status.ErrorId));
                    using var journal = PushJournal.Open(it.Journal);
                    var people = journal.People.Get(status.Id, Enum.GetValues<PersonOutcome>()).ToArray();
                    Assert.Equal(Enumerable.Range(1, (int)status.Received).Select(row => (long)row), people.Select(person => person.Number));
                    Assert.Equal(
                        people.Where(person => person.Outcome == PersonOutcome.Added).Select(person => person.Identity!.ToUpperInvariant()).Order(StringComparer.Ordinal),
                        it.Members().Select(member => member.ToUpperInvariant()).Order(StringComparer.Ordinal));
                }
                catch (SegmentPushException refused)
                {
                    Assert.NotEmpty(refused.ErrorId);
                }
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task Any_text_that_a_pipeline_brings_is_delivered_or_rejected(Delivery delivery)
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = delivery;
        string[] texts = ["\uD800", "a\uDC00b", "\0", "\uFFFF", "\u001F", "\u2028", "\r", "\r\n", "\"", "\\", "NULL", new string('x', 256)];

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing, texts.Select((text, i) => new[] { $"p{i}@example.com", "F", text }));

        Assert.Equal((PushState.Completed, texts.Length), (status.State, status.Received));
        Assert.Equal(texts.Length, status.Added + status.Rejected);
        Assert.Equal("TextTooLong", it.PersonOf(status, texts.Length).Code);
    }
}
