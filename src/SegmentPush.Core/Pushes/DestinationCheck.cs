using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes.Audiences;

namespace SegmentPush.Pushes;

/// <summary>Checks a destination before it is saved, so that its pushes don't end with what could have been known then.</summary>
internal static class DestinationCheck
{
    private const int MaxNameLength = 100;

    /// <summary>Checks what can be checked without an instance.</summary>
    /// <returns>The destination in its plain form: names without blanks around them, the time zone as all machines know it.</returns>
    /// <exception cref="SegmentPushException">
    /// <c>DestinationNameInvalid</c>, <c>DatesReversed</c>, <c>TimeZoneNotFound</c>, <c>CultureNotFound</c>, <c>PercentOutOfRange</c>,
    /// <c>MaxRemovalsNegative</c>, <c>MembershipColumnNotUsed</c>, <c>AudienceMissing</c>, <c>AudienceIsWhole</c>, <c>KeepExportsNegative</c>,
    /// <c>ThroughNotSuitable</c>, <c>FieldPathInvalid</c>, <c>SegmentTwice</c>, <c>PathNotWhole</c>,
    /// <c>EncodingNotFound</c>, <c>DelimiterInvalid</c>, <c>FileFormNotUsed</c>.
    /// </exception>
    public static SegmentDestination Checked(SegmentDestination destination)
    {
        var plain = destination with
        {
            Name = CheckedName(destination.Name),
            StaticListName = destination.StaticListName.Trim(),
            Description = OrNull(destination.Description),
            Account = OrNull(destination.Account),
            PlatformAccount = OrNull(destination.PlatformAccount),
            Audience = OrNull(destination.Audience),
            Path = [.. destination.Path.Where(path => !string.IsNullOrWhiteSpace(path))],
            Through = OrNull(destination.Through),
            Partition = OrNull(destination.Partition),
            MembershipColumn = OrNull(destination.MembershipColumn),
            TimeZone = DestinationSchedule.NameOf(DestinationSchedule.ZoneOf(destination.TimeZone)),
            Culture = ValueCulture.Find(destination.Culture)?.Name,
            Encoding = OrNull(destination.Encoding),
            NullText = destination.NullText?.Where(text => text.Length > 0).ToArray(),
        };
        if (plain.StartDate > plain.EndDate)
        {
            throw new SegmentPushException(
                "DatesReversed",
                $"The destination '{plain.Name}' would end on {plain.EndDate:yyyy-MM-dd}, before it starts on {plain.StartDate:yyyy-MM-dd}.",
                "Give an end date on or after the start date.",
                plain.Name);
        }

        if (plain.MembershipColumn is not null && !plain.Mode.ReadsMembership)
        {
            throw new SegmentPushException(
                "MembershipColumnNotUsed",
                $"The destination '{plain.Name}' has the mode {plain.Mode}, which reads no membership column.",
                "Leave the membership column out, or use the mode Delta.",
                plain.Name);
        }

        CheckAudience(plain);
        CheckPath(plain);
        DestinationForm.Check(plain);
        CheckPercent(plain, plain.MaxRemovalPercent, nameof(plain.MaxRemovalPercent));
        CheckPercent(plain, plain.MaxShrinkPercent, nameof(plain.MaxShrinkPercent));
        CheckPercent(plain, plain.MaxRejectPercent, nameof(plain.MaxRejectPercent));
        if (plain.MaxRemovals < 0)
        {
            throw new SegmentPushException(
                "MaxRemovalsNegative",
                $"MaxRemovals of the destination '{plain.Name}' is {plain.MaxRemovals}.",
                "Give 0 or more, or no number at all.",
                plain.Name);
        }

        return plain;
    }

    /// <summary>Checks a destination by itself and against an instance: fields, identity, partition, list, and the permission to write.</summary>
    /// <param name="destination">The destination; where it has no id of a list, the list is found by its name.</param>
    /// <param name="connection">The instance.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The destination with instance, list and partition as the instance names them.</returns>
    /// <exception cref="SegmentPushException">Something is not there, or not allowed; or as <see cref="Checked"/>.</exception>
    public static async Task<SegmentDestination> CheckedAsync(
        SegmentDestination destination, MarketoConnection connection, CancellationToken cancellation)
    {
        var plain = Checked(destination);
        var target = await PushTarget.ResolveAsync(OptionsOf(plain, connection), cancellation).ConfigureAwait(false);
        await connection.StaticLists.CheckWriteAccessAsync(target.StaticList.Id, cancellation).ConfigureAwait(false);
        return plain with
        {
            Instance = connection.Instance,
            StaticListId = target.StaticList.Id,
            StaticListName = target.StaticList.Name,
            Partition = target.Partition?.Name,
        };
    }

    /// <summary>Checks a destination whose list is yet to be made: also whether the list's name can be had. Nothing is made.</summary>
    /// <param name="destination">The destination, with the name that the list will have.</param>
    /// <param name="folder">Where the list will lie.</param>
    /// <param name="connection">The instance.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The destination, which has no id of a list yet.</returns>
    /// <exception cref="SegmentPushException">As <see cref="CheckedAsync"/>, or the list exists (<c>StaticListExists</c>).</exception>
    public static async Task<SegmentDestination> CheckedWithoutListAsync(
        SegmentDestination destination, Folder folder, MarketoConnection connection, CancellationToken cancellation)
    {
        var plain = Checked(destination);
        string listName = await connection.StaticLists.CheckNameAsync(plain.StaticListName, folder, cancellation).ConfigureAwait(false);
        try
        {
            await PushTarget.ResolveAsync(OptionsOf(plain, connection), cancellation).ConfigureAwait(false);
        }
        catch (SegmentPushException error) when (error.ErrorId is "StaticListNotFound" or "StaticListAmbiguous")
        {
            // The list is what is looked for last, and in this folder there is none of that name yet.
        }

        await connection.StaticLists.CheckWriteAccessAsync(null, cancellation).ConfigureAwait(false);
        return plain with { Instance = connection.Instance, StaticListId = 0, StaticListName = listName };
    }

    /// <summary>What somebody who saves a destination should know before, a sentence or two each.</summary>
    /// <param name="journal">The journal with all destinations.</param>
    /// <param name="destination">The destination as it is to be saved.</param>
    public static IReadOnlyList<MessageText> WarningsOf(PushJournal journal, SegmentDestination destination)
    {
        var warnings = new List<MessageText>();
        var all = SavedDestinations.Get(journal);
        var before = all.FirstOrDefault(IsSame);
        MessageText list = $"static list '{destination.StaticListName}' ({destination.StaticListId})";
        if (before is not null && SavedDestinations.SnapshotKeyOf(before) != SavedDestinations.SnapshotKeyOf(destination))
        {
            warnings.Add(IsSameList(before)
                ? (MessageText)$"The destination '{before.Name}' finds people by another field than before. What is remembered of its list is set aside, and its next push reads the list anew."
                : $"The destination '{before.Name}' leads to another list than before, {list} of {destination.Instance}. Its next push reads that list first, unless another destination knows it; the list that it led to stays as it is.");
        }

        SegmentDestination[] sharing = [.. all.Where(other => !IsSame(other) && IsSameList(other))];
        string[] others = [.. sharing.Select(other => $"'{other.Name}'")];
        if (others.Length > 0 && (before is null || !IsSameList(before)))
        {
            MessageText shared = MessageText.Plural(
                others.Length,
                $"The {list} is also that of the destination {string.Join(", ", others)}.",
                $"The {list} is also that of the destinations {string.Join(", ", others)}.");
            bool takesOff = sharing.Append(destination).Any(one => one.Mode.TakesOffAbsent);
            warnings.Add(takesOff ? $"{shared} With the mode Mirror one takes off the people that the other has put there." : shared);
        }

        return warnings;

        bool IsSame(SegmentDestination other) => string.Equals(other.Name, destination.Name, StringComparison.OrdinalIgnoreCase);

        bool IsSameList(SegmentDestination other) =>
            destination.StaticListId != 0 && other.StaticListId == destination.StaticListId && other.Instance == destination.Instance;
    }

    private static PushOptions OptionsOf(SegmentDestination destination, MarketoConnection connection) => new()
    {
        Connection = connection,
        StaticList = StaticListReference.Of(destination.StaticListId, destination.StaticListName),
        Mapping = destination.Mapping,
        PersonCreation = destination.PersonCreation,
        ExistingPeople = destination.ExistingPeople,
        Partition = destination.Partition,
        Values = ValuesRequest.RulesOf(destination),
    };

    private static string CheckedName(string name)
    {
        string text = name.Trim();
        var why = text.Length == 0 ? (MessageText)"It is blank."
            : text.Length > MaxNameLength ? (MessageText)$"It has {text.Length} characters; {MaxNameLength} are possible."
            : text.Any(char.IsControl) ? (MessageText)"It holds line ends or other control characters."
            : null;
        return why is null ? text : throw new SegmentPushException(
            "DestinationNameInvalid",
            $"'{SafeText.Of(name)}' can't be the name of a destination. {why}",
            "Choose a short name such as Webinar EMEA.",
            name);
    }

    private static void CheckAudience(SegmentDestination destination)
    {
        if (!destination.HasAudience)
        {
            bool isAsked = destination.PlatformAccount is not null || destination.Through is not null || destination.SkipPolicyCheck
                || destination.Identities != AudienceIdentities.First;
            if (!isAsked) return;
            throw new SegmentPushException(
                "AudienceMissing",
                $"The destination '{destination.Name}' says how an audience is exported, and names none.",
                "Give -Audience, or leave -PlatformAccount, -Identities, -Through and -SkipPolicyCheck out.",
                destination.Name);
        }

        if (destination.Mode.ReadsMembership)
        {
            throw new SegmentPushException(
                "AudienceIsWhole",
                $"The destination '{destination.Name}' has the mode Delta, which is for segments of changes, and an audience is exported whole.",
                "Use the mode Mirror, which takes those off the list who have left, or Append.",
                destination.Name);
        }

        if (destination.KeepExports < 0)
        {
            throw new SegmentPushException(
                "KeepExportsNegative",
                $"KeepExports of the destination '{destination.Name}' is {destination.KeepExports}.",
                "Give 0 or more.",
                destination.Name);
        }

        AudienceRequest.Check(destination.Mapping, destination.Identities, destination.Through, destination.SkipPolicyCheck);
    }

    private static void CheckPath(SegmentDestination destination)
    {
        if (destination is { HasAudience: true, Path.Count: > 0 })
        {
            throw new SegmentPushException(
                "SegmentTwice",
                $"The destination '{destination.Name}' has both files and an audience of Experience Platform as its segment.",
                "Keep one of them: -Path '' takes the files out, -Audience '' the audience.",
                destination.Name);
        }

        if (destination.Path.FirstOrDefault(path => !IsWhole(path)) is not { } relative) return;
        throw new SegmentPushException(
            "PathNotWhole",
            $"The path '{VisibleText.Of(relative)}' of the destination '{destination.Name}' depends on the current folder, which is another one for each push.",
            @"Give a whole path, such as /exports/webinar_*.csv or \\share\exports\webinar_*.csv.",
            destination.Name);
    }

    // A destination may be written on a machine of another kind than the one that pushes.
    private static bool IsWhole(string path) =>
        path is ['/', ..] or ['\\', '\\', ..] || (path is [var drive, ':', '/' or '\\', ..] && char.IsAsciiLetter(drive));

    private static void CheckPercent(SegmentDestination destination, int percent, string name)
    {
        if (percent is >= 0 and <= 100) return;
        throw new SegmentPushException(
            "PercentOutOfRange",
            $"{name} of the destination '{destination.Name}' is {percent}.",
            "Give a number from 0 to 100; with 100 everything is let through.",
            destination.Name);
    }

    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
