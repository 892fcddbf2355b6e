using System.Globalization;
using System.Threading.Channels;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Finds out what a push would do: reads and maps every row, and asks Marketo who exists.</summary>
internal sealed class PushPlanner
{
    private readonly PushOptions _options;
    private readonly IReadOnlyList<PushSource> _sources;
    private readonly PushTarget _target;
    private readonly ListPlan? _list;
    private readonly ChannelWriter<PersonPlan>? _people;
    private readonly MarketoConnection _connection;
    private readonly ImportEstimate _imports;
    private long _received, _new, _changed, _unchanged, _rejected, _duplicates, _matched, _several, _lookups, _leaving, _leavingUnknown, _notCreated, _leftOut, _noConsent;

    private PushPlanner(
        PushOptions options, IReadOnlyList<PushSource> sources, PushTarget target, ListPlan? list, ChannelWriter<PersonPlan>? people)
    {
        _options = options;
        _sources = sources;
        _target = target;
        _list = list;
        _people = people;
        _connection = options.Connection;
        _imports = new ImportEstimate(target, options.Bulk);
    }

    private long WouldReject => _rejected + _notCreated;

    /// <summary>Makes a plan. Nothing is changed, in Marketo or in the journal.</summary>
    /// <param name="options">What the push is to do.</param>
    /// <param name="sources">Where its people come from; they are disposed.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="people">Takes what would be done with each person; null where nobody wants to know.</param>
    /// <exception cref="SegmentPushException">The push would end with the same error.</exception>
    public static async Task<PushPlan> PlanAsync(
        PushOptions options, IReadOnlyList<PushSource> sources, CancellationToken cancellation, ChannelWriter<PersonPlan>? people = null)
    {
        Exception? fault = null;
        try
        {
            await MappingCheck.RunAsync(options, sources, OpenCalls, cancellation).ConfigureAwait(false);
            var calls = await OpenCalls().ConfigureAwait(false);
            await using var closing = calls.ConfigureAwait(false);
            var target = await PushTarget.ResolveAsync(options, cancellation).ConfigureAwait(false);
            using var list = options.Destination is null ? null : await ListPlan.OpenAsync(options, target, cancellation).ConfigureAwait(false);
            return await new PushPlanner(options, sources, target, list, people).RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            people?.Complete(fault);
            foreach (var source in sources) source.Dispose();
        }

        Task<SharedCalls> OpenCalls() => SharedCalls.OpenAsync(
            options, instance => (options.Journal ?? JournalAddress.Default).OpenLedger(instance, options.Connection.Host), _ => { }, cancellation);
    }

    /// <summary>How long calls take at the permitted pace.</summary>
    public static TimeSpan Estimate(long calls, MarketoConnection connection) => TimeSpan.FromSeconds(20) * (calls / connection.CallsPer20Seconds);

    private async Task<PushPlan> RunAsync(CancellationToken cancellation)
    {
        // A push that creates and updates by the identity alone takes one with a comma, too.
        var intake = new SegmentIntake(_sources, _target.Mapping, _target.Use, identitiesAreLookedUp: !_target.ImportsByIdentity, membership: _list?.Membership, ignoresConsent: _options.IgnoreConsent);
        if (_list is not null) intake.UseSnapshot(_list.Snapshot);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<IReadOnlyList<Person>>(2 * _connection.MaxConcurrency);
        var reading = Task.Run(() => ReadAsync(intake, channel.Writer, stop.Token), CancellationToken.None);
        long started = _connection.Time.GetTimestamp();
        try
        {
            var parallel = new ParallelOptions
            {
                // One after the other where somebody reads it.
                MaxDegreeOfParallelism = _people is null ? _connection.MaxConcurrency : 1,
                CancellationToken = cancellation,
            };
            await Parallel.ForEachAsync(
                channel.Reader.ReadAllAsync(cancellation), parallel, async (batch, _) => await LookUpAsync(batch, cancellation).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }

        var took = _connection.Time.GetElapsedTime(started);
        var leavers = _list?.GetLeavers() ?? [];
        foreach (var leaver in leavers)
        {
            _people?.TryWrite(new PersonPlan
            {
                Source = SourceEntry.StaticList.Name, Row = null, Action = PersonAction.Remove, MarketoId = leaver.MarketoId,
            });
        }

        return PlanOf(intake, leavers, took);
    }

    private PushPlan PlanOf(SegmentIntake intake, IReadOnlyList<ListDecision> leavers, TimeSpan took)
    {
        long unmatched = _new - _matched - _notCreated;
        long joining = _target.Creates ? _new - _notCreated : _matched;
        long sent = _new + _changed;
        long removals = _leaving + leavers.Count;
        var choice = DeliveryChoice.For(_options, _target, sent);

        // Three or four calls find today's use, list, fields, partition.
        long calls = (_target.Partition is null ? 3 : 4) + (2 * Calls(_leavingUnknown)) + Calls(removals) + (_list?.CallsToRead ?? 0) + CallsToDeliver(choice.Delivery, sent, joining);
        return new PushPlan
        {
            Instance = _connection.Instance,
            StaticListId = _target.StaticList.Id,
            StaticListName = _target.StaticList.Name,
            Source = [.. _sources.Select(source => source.Name)],
            Form = [.. _sources.Select(source => source.FormDescription.ToString())],
            Destination = _options.Destination?.Destination.Name,
            Mode = _options.Destination?.Destination.Mode,
            PersonCreation = _options.PersonCreation,
            ExistingPeople = _options.ExistingPeople,
            Delivery = choice.Delivery,
            DeliveryReason = choice.Delivery == Delivery.Bulk && _imports.Describe() is { } cost ? MessageText.Say($"{choice.Reason} {cost}") : choice.Reason.ToString(),
            Partition = _target.Partition?.Name,
            Received = _received,
            WouldMatch = _matched + _changed,
            WouldCreate = _target.Creates ? unmatched : 0,
            WouldUpdate = (_target.WritesExisting ? _matched : 0) + _changed,
            WouldAdd = joining,
            WouldRemove = removals,
            Unchanged = _unchanged,
            WouldReject = WouldReject,
            ValuesLeftOut = _leftOut,
            Unmatched = _target.Creates ? 0 : unmatched,
            NoConsent = _noConsent,
            Duplicate = _duplicates,
            MultipleMatches = _several,
            GuardReason = _list?.FindGuardReason(intake.Extent, leavers),
            ArrivalReason = FindArrivalReason(intake.First, joining + _changed + _unchanged + _leaving, leavers.Count)?.ToString(),
            Calls = calls,
            QuotaShare = (double)calls / _connection.DailyCallQuota,
            Duration = Estimate(calls, took),
        };
    }

    // Finding, then adding; the ambiguous are looked up, and updated by id.
    private long CallsToDeliver(Delivery delivery, long sent, long joining)
    {
        long ambiguous = Calls(_several) + (_target.WritesExisting ? Calls(_several) : 0);
        return delivery switch
        {
            Delivery.Sync => Calls(sent) + Calls(joining) + (_target.OnlyMatches ? 0 : ambiguous),
            Delivery.Bulk => _imports.CountFileCalls() + (2 * Calls(_imports.Rare)) + (_target.ImportsByIdentity ? ambiguous + Calls(_several) : Calls(sent)),
            _ => throw new ArgumentOutOfRangeException(nameof(delivery), delivery, null),
        };
    }

    private static long Calls(long records) => (records + SegmentIntake.BatchSize - 1) / SegmentIntake.BatchSize;

    // Where all rows are withdrawn consents, a mirror takes people off all the same.
    private MessageText? FindArrivalReason(LeadingRejects first, long activated, int leavers) =>
        _received == 0 ? null
        : first.AreAllRejected ? (MessageText)"All rows would be rejected, so nothing would be sent."
        : first.AreTooManyRejected ? (MessageText)$"The first {Counted.Rows(first.Rejected)} would be rejected, so nothing would be sent."
        : activated == 0 && (leavers == 0 || _noConsent < _received) ? (MessageText)"Nobody would be put on the list or taken off it."
        : Arrival.IsTooMany(WouldReject, _received, _options.MaxRejectPercent)
            ? (MessageText)$"{Counted.Number(WouldReject)} of {Counted.Rows(_received)} would be rejected, which is more than {Counted.Number(_options.MaxRejectPercent)}%."
        : null;

    private async Task ReadAsync(SegmentIntake intake, ChannelWriter<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        Exception? fault = null;
        try
        {
            foreach (var batch in intake.Read(cancellation))
            {
                _received += batch.Received;
                _leftOut += batch.ValuesLeftOut;
                foreach (var person in batch.People) _imports.Add(person);
                _rejected += batch.Settled.Count(entry => entry.Outcome == PersonOutcome.Rejected);
                _duplicates += batch.Settled.Count(entry => entry.Outcome == PersonOutcome.Duplicate);
                _noConsent += batch.Settled.Count(entry => entry.Outcome == PersonOutcome.NoConsent);
                _unchanged += batch.Unchanged.Sum(block => block.People);
                _leaving += batch.Leaving.Sum(person => Math.Max(1, person.Twins?.Count ?? 1));
                _leavingUnknown += batch.Leaving.Count(person => person.MemberId is null);
                foreach (var entry in batch.Settled) _people?.TryWrite(PlanOf(entry));
                if (_people is not null)
                {
                    foreach (var person in batch.Unchanged.SelectMany(block => block.Unpack())) _people.TryWrite(PlanOf(person));
                }

                foreach (var person in batch.Leaving) _people?.TryWrite(PlanOf(person, PersonAction.Remove, person.MemberId, []));
                if (batch.People.Count > 0) await people.WriteAsync(batch.People, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            people.Complete(fault);
        }
    }

    private async Task LookUpAsync(IReadOnlyList<Person> batch, CancellationToken cancellation)
    {
        // Members are known; what of them changes is asked only where somebody wants to know.
        Person[] asked = [.. batch.Where(person => (_people is not null || person.MemberNumber is null) && LeadLookup.CanLookUp(person.Identity))];
        Interlocked.Add(ref _changed, batch.Count(person => person.MemberNumber is not null));
        Interlocked.Add(ref _new, batch.Count(person => person.MemberNumber is null));
        string[] fields = _people is null || !_target.WritesExisting ? [] : [.. _target.Mapping.AttributeFields.Where(_target.IsSent).Select(field => field.Name)];
        var matches = await PersonMatches
            .FindAsync(_connection, _target, [.. asked.Select(p => p.Identity)], cancellation, moreFields: fields).ConfigureAwait(false);
        if (asked.Length > 0) Interlocked.Increment(ref _lookups);
        foreach (var person in batch)
        {
            bool isMember = person.MemberNumber is not null;
            var match = matches.Of(person.Identity);
            if (match is not null && !isMember)
            {
                Interlocked.Increment(ref _matched);
                if (match.Value.IsOneOfSeveral) Interlocked.Increment(ref _several);
            }

            bool isNotCreated = match is null && !isMember && person.IsMatchOnly;
            if (isNotCreated) Interlocked.Increment(ref _notCreated);
            if (_people is null) continue;
            var action = isMember ? PersonAction.Update : match is not null ? PersonAction.Add
                : isNotCreated ? PersonAction.Reject : _target.Creates ? PersonAction.Create : PersonAction.Unmatched;
            _people.TryWrite(PlanOf(person, action, match?.Id, isNotCreated ? [] : ChangesOf(person, match)));
        }
    }

    private List<string> ChangesOf(Person person, PersonMatches.Match? match)
    {
        var changes = new List<string>();
        if (!_target.WritesExisting && match is not null) return changes;
        var fields = _target.Mapping.AttributeFields;
        for (int i = 0; i < fields.Count; i++)
        {
            if (person.Values[i] is { IsEmpty: false } value && _target.IsSent(fields[i]) && !IsSame(value.ToString(), match?.FieldOf(fields[i].Name)))
                changes.Add(fields[i].Name);
        }

        return changes;
    }

    // Marketo writes numbers and moments in forms of its own.
    private static bool IsSame(string value, string? there) =>
        value == there
        || (decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal one)
            && decimal.TryParse(there, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal other) && one == other)
        || (value.Contains('T', StringComparison.Ordinal) && MarketoTime.Parse(value) is { } moment && moment == MarketoTime.Parse(there));

    private PersonPlan PlanOf(Person person, PersonAction action, long? id, IReadOnlyList<string> fields) => new()
    {
        Source = _sources[person.Source].Name,
        Row = person.Row,
        Action = action,
        Identity = person.Identity,
        MarketoId = id,
        Fields = fields,
        Code = action == PersonAction.Unmatched ? "NobodyFound" : action == PersonAction.Reject ? SettledPerson.NotCreatedCode : null,
        Reason = action == PersonAction.Unmatched ? SettledPerson.UnmatchedReason(_target.Mapping)
            : action == PersonAction.Reject ? SettledPerson.NotCreatedReason : null,
    };

    private PersonPlan PlanOf(PersonEntry entry) => new()
    {
        Source = _sources[entry.Source].Name,
        Row = entry.Row,
        Action = entry.Outcome == PersonOutcome.Duplicate ? PersonAction.Duplicate : entry.Outcome == PersonOutcome.NoConsent ? PersonAction.NoConsent : PersonAction.Reject,
        Identity = entry.Identity.Length == 0 ? null : entry.Identity,
        MarketoId = entry.MarketoId,
        Code = entry.Code,
        Reason = entry.Reason,
    };

    private PersonPlan PlanOf(in UnchangedPerson person) => new()
    {
        Source = _sources[person.Source].Name,
        Row = person.Row,
        Action = PersonAction.Unchanged,
        Identity = person.Identity,
        MarketoId = person.MarketoId,
    };

    private TimeSpan Estimate(long calls, TimeSpan took)
    {
        var byAnswers = _lookups == 0 ? TimeSpan.Zero : took / _lookups * calls;
        var byPace = Estimate(calls, _connection);
        return byAnswers > byPace ? byAnswers : byPace;
    }
}
