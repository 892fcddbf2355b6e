using System.Globalization;
using System.Data.Common;

namespace SegmentPush.Journal.Sql;

/// <summary>The status of a push as a row of the journal.</summary>
internal static class PushSql
{
    /// <summary>Enters a push. Besides the values at start and of progress it takes <c>@request</c> and <c>@identity_form</c>; it tells the key.</summary>
    public const string Insert = $"""
        INSERT INTO push ({Columns}, request, identity_form)
        VALUES (@id, @state, @reason, @instance, @list_id, @list_name, @person_creation, @existing_people, @delivery, @partition_name,
                @started, @ended, @touched, @received, @added, @already_member, @removed, @not_member, @unmatched, @duplicate, @rejected,
                @not_delivered, @created, @updated, @multiple_matches, @without_company_fields, @calls, @reject_path,
                @destination, @mode, @undo_of, @is_verified, @error_id, @values_left_out, @has_begun, @has_unknown_changes, @no_identity, @no_consent, @changed, @open_until, @request, @identity_form)
        RETURNING push_key
        """;

    /// <summary>Writes what changes while a push runs. Besides the values of progress it takes <c>@key</c>.</summary>
    /// <param name="alsoSet">What else is set.</param>
    public static string Update(string alsoSet) => $"""
        UPDATE push SET state = @state, reason = @reason, delivery = @now_delivery, ended = @ended, touched = @touched, received = @received, added = @added,
            already_member = @already_member, removed = @removed, not_member = @not_member, unmatched = @unmatched,
            duplicate = @duplicate, rejected = @rejected, not_delivered = @not_delivered, created = @created, updated = @updated,
            multiple_matches = @multiple_matches, without_company_fields = @without_company_fields, calls = @calls,
            reject_path = @reject_path, is_verified = @is_verified, error_id = @error_id,
            values_left_out = @values_left_out, has_begun = @has_begun, has_unknown_changes = @has_unknown_changes,
            no_identity = @no_identity, no_consent = @no_consent, changed = @changed, open_until = @open_until{alsoSet}
        WHERE push_key = @key
        """;

    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "id, state, reason, instance, list_id, list_name, person_creation, existing_people, delivery, partition_name, "
        + "started, ended, touched, received, added, already_member, removed, not_member, unmatched, duplicate, rejected, "
        + "not_delivered, created, updated, multiple_matches, without_company_fields, calls, reject_path, "
        + "destination, mode, undo_of, is_verified, error_id, values_left_out, has_begun, has_unknown_changes, no_identity, no_consent, changed, open_until";

    /// <summary>How many columns these are.</summary>
    public static readonly int Count = Columns.Split(',').Length;

    /// <summary>What is known of a push at its start and stays, as parameters.</summary>
    public static (string Name, object? Value)[] ValuesAtStart(PushStatus status) =>
    [
        ("@id", status.Id.ToString()),
        ("@instance", status.Instance),
        ("@list_id", status.StaticListId),
        ("@list_name", status.StaticListName),
        ("@person_creation", (int)status.PersonCreation),
        ("@existing_people", (int)status.ExistingPeople),
        ("@delivery", (int)status.Delivery),
        ("@partition_name", status.Partition),
        ("@started", status.Started.UtcTicks),
        ("@destination", status.Destination),
        ("@mode", (int?)status.Mode),
        ("@undo_of", status.UndoOf?.ToString()),
    ];

    /// <summary>What changes while a push runs, as parameters.</summary>
    public static (string Name, object? Value)[] ValuesOfProgress(PushStatus status) =>
    [
        ("@state", (int)status.State),
        ("@reason", status.Reason),
        ("@now_delivery", (int)status.Delivery),
        ("@ended", status.Ended?.UtcTicks),
        ("@touched", status.StoodAt.UtcTicks),
        ("@received", status.Received),
        ("@added", status.Added),
        ("@already_member", status.AlreadyMember),
        ("@removed", status.Removed),
        ("@not_member", status.NotMember),
        ("@unmatched", status.Unmatched),
        ("@no_identity", status.NoIdentity),
        ("@no_consent", status.NoConsent),
        ("@duplicate", status.Duplicate),
        ("@rejected", status.Rejected),
        ("@not_delivered", status.NotDelivered),
        ("@created", status.Created),
        ("@updated", status.Updated),
        ("@multiple_matches", status.MultipleMatches),
        ("@without_company_fields", status.WithoutCompanyFields),
        ("@values_left_out", status.ValuesLeftOut),
        ("@calls", status.Calls),
        ("@reject_path", status.RejectPath),
        ("@is_verified", status.IsVerified),
        ("@error_id", status.ErrorId),
        ("@has_begun", status.HasBegun),
        ("@has_unknown_changes", status.HasUnknownChanges),
        ("@changed", status.Changed?.UtcTicks),
        ("@open_until", status.OpenUntil?.UtcTicks),
    ];

    /// <summary>Reads a push without its sources.</summary>
    public static PushStatus Read(DbDataReader reader)
    {
        var started = Time("started")!.Value;
        return new PushStatus
        {
            Id = Guid.Parse(reader.GetString(Ordinal("id")), CultureInfo.InvariantCulture),
            State = (PushState)reader.GetInt32(Ordinal("state")),
            Reason = reader.TextOrNull(Ordinal("reason")),
            Instance = reader.GetString(Ordinal("instance")),
            StaticListId = Number("list_id"),
            StaticListName = reader.GetString(Ordinal("list_name")),
            Source = [],
            PersonCreation = (PersonCreation)reader.GetInt32(Ordinal("person_creation")),
            ExistingPeople = (ExistingPeople)reader.GetInt32(Ordinal("existing_people")),
            Delivery = (Delivery)reader.GetInt32(Ordinal("delivery")),
            Partition = reader.TextOrNull(Ordinal("partition_name")),
            Started = started,
            Ended = Time("ended"),
            Duration = Time("touched")!.Value - started,
            Received = Number("received"),
            Added = Number("added"),
            AlreadyMember = Number("already_member"),
            Removed = Number("removed"),
            NotMember = Number("not_member"),
            Unmatched = Number("unmatched"),
            NoIdentity = Number("no_identity"),
            NoConsent = Number("no_consent"),
            Duplicate = Number("duplicate"),
            Rejected = Number("rejected"),
            NotDelivered = Number("not_delivered"),
            Created = Number("created"),
            Updated = Number("updated"),
            MultipleMatches = Number("multiple_matches"),
            WithoutCompanyFields = Number("without_company_fields"),
            ValuesLeftOut = Number("values_left_out"),
            Calls = Number("calls"),
            RejectPath = reader.TextOrNull(Ordinal("reject_path")),
            Destination = reader.TextOrNull(Ordinal("destination")),
            Mode = reader.IsDBNull(Ordinal("mode")) ? null : (PushMode)Number("mode"),
            UndoOf = reader.TextOrNull(Ordinal("undo_of")) is { } undone ? Guid.Parse(undone, CultureInfo.InvariantCulture) : null,
            IsVerified = Number("is_verified") != 0,
            ErrorId = reader.TextOrNull(Ordinal("error_id")),
            HasBegun = Number("has_begun") != 0,
            HasUnknownChanges = Number("has_unknown_changes") != 0,
            Changed = Time("changed"),
            OpenUntil = Time("open_until"),
        };

        int Ordinal(string name) => reader.GetOrdinal(name);
        long Number(string name) => reader.GetInt64(Ordinal(name));
        DateTimeOffset? Time(string name) =>
            reader.IsDBNull(Ordinal(name)) ? null : new DateTimeOffset(Number(name), TimeSpan.Zero);
    }
}
