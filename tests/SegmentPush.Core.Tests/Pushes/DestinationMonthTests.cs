using System.Globalization;
using SegmentPush.Journal;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>
/// A destination is pushed every day for thirty days, while people join, leave, change and come twice, and somebody else
/// edits the list and the people in Marketo in between.
/// </summary>
public sealed class DestinationMonthTests(ITestOutputHelper output)
{
    private const int Days = 30;
    private const int People = 900;

    [Theory]
    [InlineData(PushMode.Mirror, PersonCreation.MatchExistingAndCreateMissing, Delivery.Auto)]
    [InlineData(PushMode.Mirror, PersonCreation.MatchExisting, Delivery.Auto)]
    [InlineData(PushMode.Mirror, PersonCreation.MatchExistingAndCreateMissing, Delivery.Bulk)]
    [InlineData(PushMode.Mirror, PersonCreation.MatchExisting, Delivery.Bulk)]
    [InlineData(PushMode.Delta, PersonCreation.MatchExistingAndCreateMissing, Delivery.Auto)]
    [InlineData(PushMode.Delta, PersonCreation.MatchExisting, Delivery.Bulk)]
    [InlineData(PushMode.Append, PersonCreation.MatchExistingAndCreateMissing, Delivery.Auto)]
    public async Task The_list_is_right_every_day_with_the_fewest_calls(PushMode mode, PersonCreation creation, Delivery delivery)
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        await using var fixture = await DestinationFixture.StartAsync(mode, creation, time: new HurriedTime());
        fixture.Push.Delivery = delivery;
        var segment = new Dictionary<string, string>(StringComparer.Ordinal);
        var ever = new HashSet<string>(StringComparer.Ordinal);
        int next = 0;
        long calls = 0, least = 0;
        for (int day = 0; day < Days; day++)
        {
            var before = segment.ToDictionary();
            string[] leavers = [.. segment.Keys.Where(_ => day > 0 && random.NextDouble() < 0.03)];
            foreach (string leaver in leavers) segment.Remove(leaver);
            int joiners = day == 0 ? People : random.Next(10, 40);
            for (int i = 0; i < joiners; i++)
            {
                string address = $"p{next++}@example.com";
                segment[address] = "Name" + random.Next(5).ToString(CultureInfo.InvariantCulture);

                // Some exist in Marketo before.
                if (random.Next(3) > 0) fixture.Push.Exist(address);
            }

            foreach (string address in segment.Keys.ToArray())
            {
                if (day > 0 && random.NextDouble() < 0.02) segment[address] += "x";
            }

            // Somebody who had left comes back.
            if (ever.Except(segment.Keys).FirstOrDefault() is { } returning) segment[returning] = "Back";
            long drift = day == 0 || mode == PushMode.Append ? 0 : Meddle(fixture, mode, random);
            var rows = new List<string>();
            var now = mode == PushMode.Delta ? segment.Where(p => !before.TryGetValue(p.Key, out string? name) || name != p.Value) : segment;
            rows.AddRange(now.Select(p => $"{p.Key},{p.Value},realized"));
            if (mode == PushMode.Delta) rows.AddRange(before.Keys.Except(segment.Keys).Select(address => $"{address},,exited"));
            if (rows.Count > 3) rows.AddRange(rows.Take(3).ToArray());
            string[] shuffled = [.. rows];
            random.Shuffle(shuffled);
            fixture.Marketo.ForgetCalls();

            var push = await fixture.PushFilesAsync([fixture.File(["email,first,segmentMembership.status", .. shuffled])], verify: mode != PushMode.Append);

            ever.UnionWith(segment.Keys);
            Assert.Equal(PushState.Completed, push.State);
            Assert.Equal(mode != PushMode.Append, push.IsVerified);
            var expected = (mode == PushMode.Append ? ever : segment.Keys.AsEnumerable())
                .Where(address => creation == PersonCreation.MatchExistingAndCreateMissing || fixture.Marketo.FindPeople("email", address).Count > 0);
            Assert.Equal([.. expected.Order(StringComparer.Ordinal)], fixture.Push.Members());
            if (creation == PersonCreation.MatchExistingAndCreateMissing)
            {
                foreach (var (address, name) in segment)
                    Assert.Equal(name, Assert.Single(fixture.Marketo.FindPeople("email", address))["firstName"]);
            }

            calls += push.Calls;
            least += LeastOf(push, mode, creation, fixture.Push.Members().Length) + drift;
        }

        output.WriteLine($"{calls} calls, {least} at least");
        if (delivery == Delivery.Auto) Assert.True(calls <= least * 1.02, $"{calls} calls, {least} at least");
    }

    // Use, fields and list; a sync or lookup, an addition and a removal for 300 people; the list itself, with the people that leave it, for 300 people.
    private static long LeastOf(PushStatus push, PushMode mode, PersonCreation creation, long list)
    {
        long asked = push.Unmatched + (creation == PersonCreation.MatchExisting ? push.Added : push.Created + push.Updated);
        return 3 + Calls(asked) + Calls(push.Added) + Calls(push.Removed) + (mode == PushMode.Append ? 0 : Calls(list + push.Removed));
        static long Calls(long people) => (people + 299) / 300;
    }

    // Returns how many more calls that takes at least.
    private static long Meddle(DestinationFixture fixture, PushMode mode, Random random)
    {
        var members = fixture.Marketo.GetMembers(PushFixture.ListId);

        // Changes alone can't create people that they don't name, and leave alone the people that others have put on the list.
        switch (random.Next(mode == PushMode.Delta ? 2 : 4))
        {
            case 0:
                fixture.Marketo.RemoveFromList(PushFixture.ListId, members[random.Next(members.Count)]);
                return 1;
            case 2:
                fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist($"stranger{random.Next()}@example.com")[0]);
                return 1;
            case 3:
                fixture.Marketo.DeletePerson(members[random.Next(members.Count)]);
                return 3;
            default:
                return 0;
        }
    }
}
