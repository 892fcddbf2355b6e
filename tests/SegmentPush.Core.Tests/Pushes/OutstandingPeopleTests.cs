using System.Runtime.CompilerServices;
using SegmentPush.Mappings;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>The people without an outcome are known to the end, and the others do not stay in memory.</summary>
public sealed class OutstandingPeopleTests
{
    private const int Batches = 500, BatchSize = 300;

    [Fact]
    public void One_person_of_each_batch_who_waits_does_not_keep_the_others_in_memory()
    {
        var outstanding = new OutstandingPeople();
        var settled = AddBatches(outstanding);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.InRange(settled.Count(person => person.IsAlive), 0, Batches * BatchSize / 4);
        Assert.Equal(Batches, outstanding.TakeAll().Length);
    }

    [Fact]
    public void Everybody_without_an_outcome_is_taken_once()
    {
        var outstanding = new OutstandingPeople();
        Person[] people = [.. Enumerable.Range(1, 25_000).Select(PersonOf)];
        foreach (var batch in people.Chunk(BatchSize)) outstanding.Add(batch);
        outstanding.Add(people[..BatchSize]);
        foreach (var person in people.Take(5_000)) person.Advance(Stage.Settled);

        var left = outstanding.TakeAll();

        Assert.Equal(people.Skip(5_000), left);
        Assert.Empty(outstanding.TakeAll());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> AddBatches(OutstandingPeople outstanding)
    {
        var settled = new List<WeakReference>();
        for (int i = 0; i < Batches; i++)
        {
            Person[] batch = [.. Enumerable.Range(i * BatchSize, BatchSize).Select(PersonOf)];
            outstanding.Add(batch);
            foreach (var person in batch.Skip(1))
            {
                person.Advance(Stage.Settled);
                settled.Add(new WeakReference(person));
            }
        }

        return settled;
    }

    private static Person PersonOf(int row) => new(0, row, $"p{row}@example.com", default);
}
