using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <summary>The numbers of a destination's snapshot that are given away.</summary>
/// <param name="destinationKey">The destination.</param>
/// <param name="last">The greatest one.</param>
internal sealed class MemberNumbers(long destinationKey, int last)
{
    public long DestinationKey { get; } = destinationKey;

    public int Last { get; set; } = last;
}

/// <summary>
/// Keeps the snapshot of a destination in step with the outcomes of its people, in the transaction that is open on the
/// connection: whoever is on the list by Marketo's answer is in it, and nobody else.
/// </summary>
internal sealed class MemberStatements : IDisposable
{
    private readonly MemberNumbers _numbers;
    private readonly PersonStatement _join;
    private readonly PersonStatement _change;
    private readonly PersonStatement _leave;

    public MemberStatements(SqliteConnection connection, MemberNumbers numbers, DateTimeOffset now)
    {
        _numbers = numbers;
        _join = new PersonStatement(
            connection, "INSERT INTO member (destination_key, member_number, identity_hash, sent_hash, marketo_id) VALUES (?, ?, ?, ?, ?)");
        _change = new PersonStatement(
            connection,
            "UPDATE member SET sent_hash = ?, marketo_id = COALESCE(?, marketo_id), left_at = NULL WHERE destination_key = ? AND member_number = ?");
        _leave = new PersonStatement(
            connection, "UPDATE member SET left_at = ? WHERE destination_key = ? AND member_number = ?");
        _join.Bind(1, numbers.DestinationKey);
        _change.Bind(3, numbers.DestinationKey);
        _leave.Bind(1, now.UtcTicks);
        _leave.Bind(2, numbers.DestinationKey);
    }

    /// <summary>Enters what a person's outcome means for the list.</summary>
    public void Follow(in PersonEntry person)
    {
        if (person.Mark is not { } mark) return;
        switch (person.Outcome)
        {
            case PersonOutcome.Added or PersonOutcome.AlreadyMember when mark.Number is { } number:
                _change.Bind(1, mark.SentHash);
                _change.Bind(2, person.MarketoId);
                _change.Bind(4, (long)number);
                _change.Run();
                break;
            case PersonOutcome.Added or PersonOutcome.AlreadyMember:
                Join(new Member(0, mark.IdentityHash, mark.SentHash, person.MarketoId));
                break;
            case PersonOutcome.Removed or PersonOutcome.NotMember or PersonOutcome.Unmatched when mark.Number is { } number:
                _leave.Bind(3, (long)number);
                _leave.Run();
                break;
        }
    }

    /// <summary>Enters somebody who is on the list.</summary>
    public void Join(Member member)
    {
        _join.Bind(2, (long)++_numbers.Last);
        _join.Bind(3, member.IdentityHash);
        _join.Bind(4, member.SentHash);
        _join.Bind(5, member.MarketoId);
        _join.Run();
    }

    public void Dispose()
    {
        _join.Dispose();
        _change.Dispose();
        _leave.Dispose();
    }
}
