using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal.Sqlite;

/// <summary>The status of a push as a row of the journal.</summary>
internal static class PushRow
{
    /// <summary>Enters a push. Besides the parameters below it takes <c>$request</c> and <c>$identity_form</c>, and tells the key.</summary>
    public const string Insert = $"""
        INSERT INTO push ({Columns}, request, identity_form)
        VALUES ($id, $state, $reason, $instance, $list_id, $list_name, $person_creation, $existing_people, $delivery, $partition_name,
                $started, $ended, $touched, $received, $added, $already_member, $removed, $not_member, $unmatched, $duplicate, $rejected,
                $not_delivered, $created, $updated, $multiple_matches, $without_company_fields, $calls, $reject_path,
                $destination, $mode, $undo_of, $is_verified, $error_id, $values_left_out, $has_begun, $has_unknown_changes, $no_identity, $no_consent, $request, $identity_form)
        RETURNING push_key
        """;

    /// <summary>Writes what changes while a push runs. Besides the parameters below it takes <c>$key</c>.</summary>
    public const string Update = """
        UPDATE push SET state = $state, reason = $reason, delivery = $now_delivery, ended = $ended, touched = $touched, received = $received, added = $added,
            already_member = $already_member, removed = $removed, not_member = $not_member, unmatched = $unmatched,
            duplicate = $duplicate, rejected = $rejected, not_delivered = $not_delivered, created = $created, updated = $updated,
            multiple_matches = $multiple_matches, without_company_fields = $without_company_fields, calls = $calls,
            reject_path = $reject_path, is_verified = $is_verified, error_id = $error_id,
            values_left_out = $values_left_out, has_begun = $has_begun, has_unknown_changes = $has_unknown_changes,
            no_identity = $no_identity, no_consent = $no_consent
        WHERE push_key = $key
        """;

    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "id, state, reason, instance, list_id, list_name, person_creation, existing_people, delivery, partition_name, "
        + "started, ended, touched, received, added, already_member, removed, not_member, unmatched, duplicate, rejected, "
        + "not_delivered, created, updated, multiple_matches, without_company_fields, calls, reject_path, "
        + "destination, mode, undo_of, is_verified, error_id, values_left_out, has_begun, has_unknown_changes, no_identity, no_consent";

    /// <summary>How many columns these are.</summary>
    public static readonly int Count = Columns.Split(',').Length;

    /// <summary>Gives a command what is known of a push at its start and stays.</summary>
    public static void AddStart(SqliteCommand command, PushStatus status)
    {
        var parameters = command.Parameters;
        parameters.AddWithValue("$id", status.Id.ToString());
        parameters.AddWithValue("$instance", status.Instance);
        parameters.AddWithValue("$list_id", status.StaticListId);
        parameters.AddWithValue("$list_name", status.StaticListName);
        parameters.AddWithValue("$person_creation", (int)status.PersonCreation);
        parameters.AddWithValue("$existing_people", (int)status.ExistingPeople);
        parameters.AddWithValue("$delivery", (int)status.Delivery);
        parameters.AddWithValue("$partition_name", Null(status.Partition));
        parameters.AddWithValue("$started", status.Started.UtcTicks);
        parameters.AddWithValue("$destination", Null(status.Destination));
        parameters.AddWithValue("$mode", Null((int?)status.Mode));
        parameters.AddWithValue("$undo_of", Null(status.UndoOf?.ToString()));
    }

    /// <summary>Gives a command what changes while a push runs.</summary>
    public static void AddProgress(SqliteCommand command, PushStatus status)
    {
        var parameters = command.Parameters;
        parameters.AddWithValue("$state", (int)status.State);
        parameters.AddWithValue("$reason", Null(status.Reason));
        parameters.AddWithValue("$now_delivery", (int)status.Delivery);
        parameters.AddWithValue("$ended", Null(status.Ended?.UtcTicks));
        parameters.AddWithValue("$touched", (status.Started + status.Duration).UtcTicks);
        parameters.AddWithValue("$received", status.Received);
        parameters.AddWithValue("$added", status.Added);
        parameters.AddWithValue("$already_member", status.AlreadyMember);
        parameters.AddWithValue("$removed", status.Removed);
        parameters.AddWithValue("$not_member", status.NotMember);
        parameters.AddWithValue("$unmatched", status.Unmatched);
        parameters.AddWithValue("$no_identity", status.NoIdentity);
        parameters.AddWithValue("$no_consent", status.NoConsent);
        parameters.AddWithValue("$duplicate", status.Duplicate);
        parameters.AddWithValue("$rejected", status.Rejected);
        parameters.AddWithValue("$not_delivered", status.NotDelivered);
        parameters.AddWithValue("$created", status.Created);
        parameters.AddWithValue("$updated", status.Updated);
        parameters.AddWithValue("$multiple_matches", status.MultipleMatches);
        parameters.AddWithValue("$without_company_fields", status.WithoutCompanyFields);
        parameters.AddWithValue("$values_left_out", status.ValuesLeftOut);
        parameters.AddWithValue("$calls", status.Calls);
        parameters.AddWithValue("$reject_path", Null(status.RejectPath));
        parameters.AddWithValue("$is_verified", status.IsVerified);
        parameters.AddWithValue("$error_id", Null(status.ErrorId));
        parameters.AddWithValue("$has_begun", status.HasBegun);
        parameters.AddWithValue("$has_unknown_changes", status.HasUnknownChanges);
    }

    /// <summary>Reads a push without its sources.</summary>
    public static PushStatus Read(SqliteDataReader reader)
    {
        var started = Time("started")!.Value;
        return new PushStatus
        {
            Id = Guid.Parse(reader.GetString(Ordinal("id")), CultureInfo.InvariantCulture),
            State = (PushState)reader.GetInt32(Ordinal("state")),
            Reason = StringOrNull(reader, Ordinal("reason")),
            Instance = reader.GetString(Ordinal("instance")),
            StaticListId = Number("list_id"),
            StaticListName = reader.GetString(Ordinal("list_name")),
            Source = [],
            PersonCreation = (PersonCreation)reader.GetInt32(Ordinal("person_creation")),
            ExistingPeople = (ExistingPeople)reader.GetInt32(Ordinal("existing_people")),
            Delivery = (Delivery)reader.GetInt32(Ordinal("delivery")),
            Partition = StringOrNull(reader, Ordinal("partition_name")),
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
            RejectPath = StringOrNull(reader, Ordinal("reject_path")),
            Destination = StringOrNull(reader, Ordinal("destination")),
            Mode = reader.IsDBNull(Ordinal("mode")) ? null : (PushMode)Number("mode"),
            UndoOf = StringOrNull(reader, Ordinal("undo_of")) is { } undone ? Guid.Parse(undone, CultureInfo.InvariantCulture) : null,
            IsVerified = Number("is_verified") != 0,
            ErrorId = StringOrNull(reader, Ordinal("error_id")),
            HasBegun = Number("has_begun") != 0,
            HasUnknownChanges = Number("has_unknown_changes") != 0,
        };

        int Ordinal(string name) => reader.GetOrdinal(name);
        long Number(string name) => reader.GetInt64(Ordinal(name));
        DateTimeOffset? Time(string name) =>
            reader.IsDBNull(Ordinal(name)) ? null : new DateTimeOffset(Number(name), TimeSpan.Zero);
    }

    private static string? StringOrNull(SqliteDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static object Null(object? value) => value ?? DBNull.Value;
}
