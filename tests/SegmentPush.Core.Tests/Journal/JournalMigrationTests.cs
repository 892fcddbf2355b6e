using Microsoft.Data.Sqlite;
using SegmentPush.Journal;
using SegmentPush.Journal.Sqlite;

namespace SegmentPush.Core.Tests.Journal;

/// <summary>Journals of older versions, whose people had no stage: it is read out of the columns that stood for it.</summary>
public sealed class JournalMigrationTests : IDisposable
{
    private const string Id = "0190163d-8694-739b-aea5-966c26f8ad91";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_people_of_an_interrupted_push_of_version_4_get_the_stages_that_their_columns_stood_for()
    {
        Create();

        using var journal = PushJournal.Open(_folder.Path);

        var started = await journal.Lifecycle.TakeOverAsync(Guid.Parse(Id), false, TestContext.Current.CancellationToken);
        Assert.Equal([1L], RowsAt(journal, started.Key, Stage.Received));
        Assert.Equal([2L], RowsAt(journal, started.Key, Stage.Sent));
        Assert.Equal([3L], RowsAt(journal, started.Key, Stage.Written));
        Assert.Equal([4L], RowsAt(journal, started.Key, Stage.SentOff));
        Assert.Equal([5L, 6L, 7L], RowsAt(journal, started.Key, Stage.Imported));
        Assert.Equal([8L], RowsAt(journal, started.Key, Stage.Settled));
        Assert.Equal(4711, Assert.Single(journal.Imports.GetAccepted(started.Key)).BatchId);
        Assert.Equal(8, journal.Sums.CountPeople(started.Key));
        Assert.Equal(1, journal.Sums.CountOutcomes(started.Key)[PersonOutcome.AlreadyMember]);
    }

    [Fact]
    public void A_stage_without_what_it_needs_can_not_be_written()
    {
        Create();
        using (PushJournal.Open(_folder.Path))
        {
        }

        foreach (int stage in new[] { 1, 2, 3, 4, 6 })
            Assert.Throws<SqliteException>(() => JournalSetup.Execute(_folder.Path, $"UPDATE person SET stage = {stage} WHERE row_number = 1"));
    }

    // One person for each combination of columns that version 4 knew.
    private void Create()
    {
        using var old = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "journal.db")};Pooling=False");
        old.Open();
        using var command = old.CreateCommand();
#pragma warning disable CA2100 // Texts of the schema and of this test.
        command.CommandText = JournalSchema.Version1 + JournalSchema.Version2 + JournalSchema.Version3 + JournalSchema.Version4 + $"""
            PRAGMA user_version = 4;
            INSERT INTO push (push_key, id, state, instance, list_id, list_name, person_creation, existing_people, delivery, started, touched, received, added,
                already_member, removed, not_member, unmatched, duplicate, rejected, not_delivered, created, updated, multiple_matches, without_company_fields, calls, request)
                VALUES (1, '{Id}', 2, '284-RPR-133', 1021, 'Webinar', 1, 1, 0, 638000000000000000, 638000000000000001, 8, 0, 1, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 5, '');
            INSERT INTO import_file (push_key, number, lookup_field, is_sent, batch_id, first_source, first_row, last_source, last_row, outcome, change)
                VALUES (1, 1, 'email', 0, NULL, 0, 5, 0, 5, 0, 0), (1, 2, 'email', 1, NULL, 0, 6, 0, 6, 0, 0), (1, 3, 'email', 1, 4711, 0, 7, 0, 7, 0, 0);
            INSERT INTO person (push_key, source, row_number, identity, outcome, change, marketo_id, sent, import_number) VALUES
                (1, 0, 1, 'a', 0, 0, NULL, NULL, NULL), (1, 0, 2, 'b', 0, 0, NULL, 638000000000000000, NULL), (1, 0, 3, 'c', 0, 1, 17, NULL, NULL),
                (1, 0, 4, 'd', 0, 0, 18, 638000000000000000, NULL), (1, 0, 5, 'e', 0, 0, NULL, NULL, 1), (1, 0, 6, 'f', 0, 0, NULL, NULL, 2),
                (1, 0, 7, 'g', 0, 0, NULL, NULL, 3), (1, 0, 8, 'h', 2, 3, 19, NULL, NULL);
            """;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static IEnumerable<long> RowsAt(PushJournal journal, long key, Stage stage) => journal.Rows.GetPeople(key, stage).Select(person => person.Row);
}
