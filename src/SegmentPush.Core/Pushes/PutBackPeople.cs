using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>The people of members that are to be put on the list again.</summary>
/// <param name="ById">People whose ids are known. Those who may be other members come last: of several with one id the first one is put on the list.</param>
/// <param name="ByRow">Rows that are to be sent again, because Marketo does not know their people any more, or can't be asked for their ids.</param>
/// <param name="Nobody">Numbers of members that nobody stands for any more.</param>
internal sealed record PutBackPeople(IReadOnlyList<Person> ById, IReadOnlyList<Person> ByRow, IReadOnlyList<int> Nobody)
{
    // What this push has done with the row of a member.
    private enum RowAnswer
    {
        // No row names the member.
        None,
        Delivered,

        // A row that Marketo refused stays rejected: its person is put back as somebody that only the list knows.
        Refused,

        // Nobody has the identity. The member has another one by now, and the segment does not name it.
        Unmatched,
    }

    /// <summary>Numbers of members whose ids a lookup has told, or were in doubt. Marketo may know the person as another member of the list.</summary>
    public required IReadOnlySet<int> Unsure { get; init; }

    /// <summary>Finds the people of members.</summary>
    /// <param name="work">The push.</param>
    /// <param name="sources">Reads the rows of the members.</param>
    /// <param name="members">The members.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<PutBackPeople> FindAsync(ListWork work, RowsAgain sources, IReadOnlyList<SnapshotMember> members, CancellationToken cancellation)
    {
        var rows = sources.FindMembers(members.ToLookup(member => member.Key), cancellation).ToDictionary(row => row.MemberNumber!.Value);
        var outcomes = work.Settlement.Outcomes.Of(rows.Values);
        var answers = rows.ToDictionary(row => row.Key, row => AnswerOf(outcomes[(row.Value.Source, row.Value.Row)].Outcome));
        foreach (var row in rows.Values)
        {
            var (outcome, change) = outcomes[(row.Source, row.Row)];
            (row.Change, row.WasAdded) = (change, outcome == PersonOutcome.Added);
        }

        // An import tells no id, or puts the one that was known in doubt, as a reading does that shows the identity with somebody else.
        Person[] unknown = [.. rows.Values.Where(row => row.MemberId is null && answers[row.MemberNumber!.Value] != RowAnswer.Unmatched)];
        foreach (var batch in unknown.Where(row => LeadLookup.CanLookUp(row.Identity)).Chunk(Paging.PageSize))
        {
            var matches = await PersonMatches.FindAsync(work.Push.Connection, work.Target, [.. batch.Select(row => row.Identity)], cancellation).ConfigureAwait(false);
            foreach (var row in batch) row.MemberId = IdOf(row, answers[row.MemberNumber!.Value], matches);
        }

        await IdentifyBySyncAsync(work, [.. unknown.Where(row => !LeadLookup.CanLookUp(row.Identity) && answers[row.MemberNumber!.Value] == RowAnswer.Delivered)], cancellation).ConfigureAwait(false);

        var (byId, byRow, nobody) = (new List<Person>(), new List<Person>(), new List<int>());
        foreach (var member in members)
        {
            var row = rows.GetValueOrDefault(member.Number);

            // A person with the id in doubt was on the list. Where no row names the member, nothing tells of another person.
            long? id = member.MarketoId ?? (row is null ? member.DoubtedId : row.MemberId);
            switch (answers.GetValueOrDefault(member.Number), id)
            {
                case (RowAnswer.Delivered, not null) when !IsAnothers(row!, id.Value, work.Settlement.Imports.HasAny):
                    row!.MarketoId = id;
                    byId.Add(row);
                    break;
                case (RowAnswer.Delivered, _):
                    byRow.Add(row!);
                    break;
                case (RowAnswer.None or RowAnswer.Refused, not null):
                    byId.Add(OfList(work, id.Value, member.Number));
                    break;
                default:
                    nobody.Add(member.Number);
                    break;
            }
        }

        var unsure = unknown.Where(row => row.MemberId is not null).Select(row => row.MemberNumber!.Value)
            .Concat(members.Where(member => member.DoubtedId is not null && !rows.ContainsKey(member.Number)).Select(member => member.Number)).ToHashSet();
        return new PutBackPeople([.. byId.OrderBy(person => unsure.Contains(person.MemberNumber!.Value))], byRow, nobody) { Unsure = unsure };
    }

    private static RowAnswer AnswerOf(PersonOutcome outcome) => outcome switch
    {
        PersonOutcome.Added or PersonOutcome.AlreadyMember => RowAnswer.Delivered,
        PersonOutcome.Unmatched => RowAnswer.Unmatched,
        _ => RowAnswer.Refused,
    };

    // An id in doubt holds where Marketo tells it for the identity, or knows nobody by the identity. A row that was refused has written to nobody, so that
    // another person who has the identity need not be its member.
    private static long? IdOf(Person row, RowAnswer answer, PersonMatches matches)
    {
        if (row.DoubtedMemberId is { } doubted && (!matches.AllOf(row.Identity).Any() || matches.AllOf(row.Identity).Contains(doubted))) return doubted;
        return answer == RowAnswer.Delivered || row.DoubtedMemberId is null ? matches.Of(row.Identity)?.Id : null;
    }

    // Another person has the identity by now, and the push has sent that person nothing. An import may have, which tells no ids.
    private static bool IsAnothers(Person row, long id, bool hasImports) =>
        row.DoubtedMemberId is { } former && former != id && (row.Change == PersonChange.Unchanged || !hasImports);

    // A sync that updates nothing tells the ids of identities that a lookup can't carry.
    private static async Task IdentifyBySyncAsync(ListWork work, IReadOnlyList<Person> rows, CancellationToken cancellation)
    {
        var writer = new RecordWriter(work.Target.Mapping, creates: false);
        foreach (var batch in rows.Chunk(LeadSync.MaxRecords))
        {
            var request = new SyncLeadsRequest(
                "updateOnly", work.Target.Mapping.IdentityField.Name, work.Target.Partition?.Name, batch.Length, (json, i) => writer.WriteIdentity(json, batch[i]));
            var results = await work.Push.Connection.Sync.SyncAsync(request, cancellation).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                if (results[i].Status == RecordStatus.Updated) batch[i].MemberId = results[i].Id;
            }
        }
    }

    private static Person OfList(ListWork work, long id, int number)
    {
        var person = work.FromList(string.Empty, id, number);
        person.Change = PersonChange.Unchanged;
        return person;
    }
}
