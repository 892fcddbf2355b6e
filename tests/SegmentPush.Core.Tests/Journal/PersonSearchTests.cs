using SegmentPush.Journal;

namespace SegmentPush.Core.Tests.Journal;

/// <summary>People are found in the journal by their identities.</summary>
public sealed class PersonSearchTests
{
    [Theory]
    [InlineData(TestJournal.Sqlite, "ÉLAN_1", "élan_1")]
    [InlineData(TestJournal.PostgreSql, "ÉLAN_1", "élan_1")]
    [InlineData(TestJournal.Sqlite, "Ürün%\\", "ÜRÜN%\\")]
    [InlineData(TestJournal.PostgreSql, "Ürün%\\", "ÜRÜN%\\")]
    [InlineData(TestJournal.Sqlite, "ω", "Ω")]
    [InlineData(TestJournal.PostgreSql, "ω", "Ω")]
    [InlineData(TestJournal.Sqlite, "Ann-1", "aNN-1")]
    [InlineData(TestJournal.PostgreSql, "Ann-1", "aNN-1")]
    public void A_person_is_found_by_the_identity_without_case(string database, string kept, string sought)
    {
        using var place = new TestJournal(database);
        var status = JournalSetup.NewPush("List");
        using var journal = place.Open();
        long key = journal.BeginPush(status);
        string[] others = ["èlan_1", "ÉLANx1", "ÉLAN_12", "Ürün-\\", "Ürünx%\\", "ο", "Ann-12", "\u212A"];
        journal.Settle(
            key,
            [
                new(0, 1, kept, PersonOutcome.Added, MarketoId: 11),
                .. others.Select((other, i) => new PersonEntry(0, i + 2, other, PersonOutcome.Added, MarketoId: 12 + i)),
            ],
            status);

        Assert.Equal(1, Assert.Single(journal.People.Find(status, sought)).Number);

        // A sign of kelvin is another letter, as among unchanged people and in hashes.
        Assert.Empty(journal.People.Find(status, "k"));
    }
}
