using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SegmentPush.Mappings;

namespace SegmentPush.Destinations;

/// <summary>A destination as text: in the journal, and in files that can live in version control.</summary>
internal sealed partial class DestinationText
{
    /// <summary>Name of the schema of such files, as they name it: a copy beside them lets editors check them.</summary>
    public const string SchemaName = "segment-destination.schema.json";

    // Names of files may have 255 bytes.
    private const int MaxReadable = 60;

    private static readonly DestinationJson s_json = new(new JsonSerializerOptions(DestinationJson.Default.Options)
    {
        // Accents and apostrophes stay as they are: people read these files.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            // A number would be taken for any member, and for none.
            new JsonStringEnumConverter<PersonCreation>(null, allowIntegerValues: false),
            new JsonStringEnumConverter<ExistingPeople>(null, allowIntegerValues: false),
            new JsonStringEnumConverter<BadField>(null, allowIntegerValues: false),
            new JsonStringEnumConverter<Delivery>(null, allowIntegerValues: false),
            new JsonStringEnumConverter<PushMode>(null, allowIntegerValues: false),
            new JsonStringEnumConverter<CellEscape>(null, allowIntegerValues: false),
            new JsonStringEnumConverter<AudienceIdentities>(null, allowIntegerValues: false),
        },
    });

    [JsonPropertyName("$schema")]
    [JsonPropertyOrder(-1)]
    public string? Schema { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Account { get; init; }

    public string? Instance { get; init; }

    public PlatformText? Platform { get; init; }

    public AudienceText? Audience { get; init; }

    public IReadOnlyList<string>? Path { get; init; }

    public FormText? Form { get; init; }

    public required ListText StaticList { get; init; }

    public required IReadOnlyList<MappingText> Mapping { get; init; }

    public PersonCreation PersonCreation { get; init; }

    public ExistingPeople? ExistingPeople { get; init; }

    public Delivery? Delivery { get; init; }

    public string? Partition { get; init; }

    public PushMode Mode { get; init; }

    public string? MembershipColumn { get; init; }

    public DateOnly? StartDate { get; init; }

    public DateOnly? EndDate { get; init; }

    public string? TimeZone { get; init; }

    public string? Culture { get; init; }

    public BadField BadField { get; init; }

    public bool IgnoreConsent { get; init; }

    public GuardText? Guard { get; init; }

    /// <summary>Writes a destination.</summary>
    public static string Write(SegmentDestination destination, bool withSchema = false) => JsonSerializer.Serialize(
        new DestinationText
        {
            Schema = withSchema ? SchemaName : null,
            Name = destination.Name,
            Description = destination.Description,
            Account = destination.Account,
            Instance = destination.Instance,
            Platform = PlatformText.Of(destination),
            Audience = AudienceText.Of(destination),
            Path = destination.Path.Count == 0 ? null : destination.Path,
            Form = FormText.Of(destination),
            StaticList = new ListText(destination.StaticListId, destination.StaticListName),
            Mapping = [.. destination.Mapping.Select(entry => MappingText.Of(entry))],
            PersonCreation = destination.PersonCreation,
            ExistingPeople = destination.ExistingPeople,
            Delivery = destination.Delivery,
            Partition = destination.Partition,
            Mode = destination.Mode,
            MembershipColumn = destination.MembershipColumn,
            StartDate = destination.StartDate is { } start ? DateOnly.FromDateTime(start) : null,
            EndDate = destination.EndDate is { } end ? DateOnly.FromDateTime(end) : null,
            TimeZone = destination.TimeZone,
            Culture = destination.Culture,
            BadField = destination.BadField,
            IgnoreConsent = destination.IgnoreConsent,
            Guard = new GuardText(destination.MaxRemovals, destination.MaxRemovalPercent, destination.MaxShrinkPercent, destination.MaxRejectPercent),
        },
        s_json.DestinationText);

    /// <summary>Reads a destination.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it is from, for the error.</param>
    /// <exception cref="SegmentPushException">It is none (<c>DestinationFileMalformed</c>).</exception>
    public static SegmentDestination Read(string text, MessageText source)
    {
        try
        {
            var read = JsonSerializer.Deserialize(text, s_json.DestinationText) ?? throw new JsonException(MessageText.Say("It holds nothing."));
            if (read.Mapping.Count == 0) throw new JsonException(MessageText.Say("Its 'mapping' has no entries."));
            if (read.Mapping.Any(entry => entry is null || string.IsNullOrWhiteSpace(entry.Target) || (string.IsNullOrWhiteSpace(entry.Source) && string.IsNullOrWhiteSpace(entry.Value))))
                throw new JsonException(MessageText.Say("An entry of 'mapping' lacks its source, or a value in its place, or its target."));
            if (read.Mapping.Any(entry => entry is { Source: not null, Value: not null }))
                throw new JsonException(MessageText.Say("An entry of 'mapping' has a source and a value; only one of them can fill the field."));
            if (read.StaticList is { Id: null, Name: var list } && string.IsNullOrWhiteSpace(list))
                throw new JsonException(MessageText.Say("Its 'staticList' has neither an id nor a name."));
            if (read.StaticList.Id < 1) throw new JsonException(MessageText.Say("The id of its 'staticList' is not above 0."));
            if (read.Audience is { } audience && string.IsNullOrWhiteSpace(audience.Id) && string.IsNullOrWhiteSpace(audience.Name))
                throw new JsonException(MessageText.Say("Its 'audience' has neither an id nor a name."));
            var guard = read.Guard ?? new GuardText(null, null, null, null);
            return new SegmentDestination
            {
                Name = read.Name,
                Description = read.Description,
                Account = read.Account,
                Instance = read.Instance ?? string.Empty,
                PlatformAccount = read.Platform?.Account,
                OrganizationId = read.Platform?.Organization,
                SandboxName = read.Platform?.Sandbox,
                Audience = read.Audience?.Name,
                AudienceId = read.Audience?.Id,
                Identities = read.Audience?.Identities ?? AudienceIdentities.First,
                SkipPolicyCheck = read.Audience?.SkipPolicyCheck ?? false,
                Through = read.Audience?.Through,
                KeepExports = read.Audience?.KeepExports ?? SegmentDestination.DefaultKeepExports,
                Path = read.Path ?? [],
                Delimiter = read.Form?.Delimiter,
                Encoding = read.Form?.Encoding,
                Escape = read.Form?.Escape,
                NullText = read.Form?.NullText,
                Newest = read.Form?.Newest ?? false,
                StaticListId = read.StaticList.Id ?? 0,
                StaticListName = read.StaticList.Name ?? string.Empty,
                Mapping = [.. read.Mapping.Select(entry => entry.ToEntry())],
                PersonCreation = read.PersonCreation,
                ExistingPeople = read.ExistingPeople
                    ?? (read.PersonCreation == PersonCreation.MatchExisting ? SegmentPush.ExistingPeople.Keep : SegmentPush.ExistingPeople.Update),
                Delivery = read.Delivery ?? SegmentPush.Delivery.Auto,
                Partition = read.Partition,
                Mode = read.Mode,
                MembershipColumn = read.MembershipColumn,
                StartDate = read.StartDate?.ToDateTime(TimeOnly.MinValue),
                EndDate = read.EndDate?.ToDateTime(TimeOnly.MinValue),
                TimeZone = read.TimeZone ?? DestinationSchedule.LocalZone,
                Culture = read.Culture,
                BadField = read.BadField,
                IgnoreConsent = read.IgnoreConsent,
                MaxRemovals = guard.MaxRemovals,
                MaxRemovalPercent = guard.MaxRemovalPercent ?? 20,
                MaxShrinkPercent = guard.MaxShrinkPercent ?? 30,
                MaxRejectPercent = guard.MaxRejectPercent ?? SegmentDestination.DefaultMaxRejectPercent,
            };
        }
        catch (JsonException e)
        {
            var fault = DestinationFault.Describe(e, s_json);
            throw new SegmentPushException(
                "DestinationFileMalformed",
                e.LineNumber is { } line ? (MessageText)$"{source} does not hold a destination (line {line + 1}): {fault}" : $"{source} does not hold a destination: {fault}",
                $"Compare it with what Export-SegmentDestination writes, or check it against {SchemaName} in the folder of this module.",
                source.ToString(),
                e);
        }
    }

    /// <summary>A name for the file of a destination that every system takes; destinations with different names have different files.</summary>
    public static string FileNameOf(string name)
    {
        string stem = string.Concat(name.Select(c => char.IsControl(c) || "<>:\"/\\|?*".Contains(c, StringComparison.Ordinal) ? '-' : c)).Trim('.', ' ');
        if (stem.Length > MaxReadable) stem = stem[..MaxReadable];
        if (stem == name && !DeviceName().IsMatch(name)) return name + ".json";
        if (stem.Length == 0 || DeviceName().IsMatch(stem)) stem = "_" + stem;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(name.ToUpperInvariant()));
        return $"{stem}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}.json";
    }

    [GeneratedRegex(@"\A(?:CON|PRN|AUX|NUL|COM.|LPT.)(?:\.|\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DeviceName();

    /// <summary>The sandbox of Experience Platform that the audience is in, and the saved account that pushes connect with.</summary>
    internal sealed record PlatformText(string? Account, string? Organization, string? Sandbox)
    {
        /// <summary>The text of a destination; null where it has no audience.</summary>
        public static PlatformText? Of(SegmentDestination destination) => destination is { PlatformAccount: null, OrganizationId: null, SandboxName: null }
            ? null
            : new PlatformText(destination.PlatformAccount, destination.OrganizationId, destination.SandboxName);
    }

    /// <summary>An audience, its id, its name, or both, and how it is exported.</summary>
    internal sealed record AudienceText(
        string? Id, string? Name, AudienceIdentities? Identities, bool? SkipPolicyCheck, string? Through, int? KeepExports)
    {
        /// <summary>The text of a destination; null where it has no audience.</summary>
        public static AudienceText? Of(SegmentDestination destination) => !destination.HasAudience ? null : new AudienceText(
            destination.AudienceId,
            destination.Audience,
            destination.Identities,
            destination.SkipPolicyCheck,
            destination.Through,
            destination.KeepExports);
    }

    /// <summary>The form of the files, and which of them are pushed.</summary>
    internal sealed record FormText(char? Delimiter, string? Encoding, CellEscape? Escape, IReadOnlyList<string>? NullText, bool? Newest)
    {
        /// <summary>The text of a destination; null where all of it is found by looking.</summary>
        public static FormText? Of(SegmentDestination destination) =>
            destination is { Delimiter: null, Encoding: null, Escape: null, NullText: null, Newest: false }
            ? null
            : new FormText(destination.Delimiter, destination.Encoding, destination.Escape, destination.NullText, destination.Newest ? true : null);
    }

    /// <summary>A static list: its id, its name, or both.</summary>
    internal sealed record ListText(long? Id, string? Name);

    /// <summary>One entry of the mapping: a target, and a source or a constant value.</summary>
    internal sealed record MappingText(string? Source, string Target, string? Identity, string? Value)
    {
        /// <summary>The text of an entry.</summary>
        public static MappingText Of(SegmentMapping entry) => new(entry.IsConstant ? null : entry.Source, entry.Target, entry.Identity, entry.Value);

        /// <summary>The entry of the text.</summary>
        public SegmentMapping ToEntry() => Value is { } value
            ? SegmentMapping.Constant(value, Target.Trim()) with { Identity = Identity }
            : new SegmentMapping(Source!.Trim(), Target.Trim(), Identity);
    }

    /// <summary>The limits at which a push is stopped.</summary>
    internal sealed record GuardText(int? MaxRemovals, int? MaxRemovalPercent, int? MaxShrinkPercent, int? MaxRejectPercent);
}

/// <summary>How destinations are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(DestinationText))]
internal sealed partial class DestinationJson : JsonSerializerContext;
