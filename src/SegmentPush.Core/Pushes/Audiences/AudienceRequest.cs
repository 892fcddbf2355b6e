using System.Text.Json;
using System.Text.Json.Serialization;
using SegmentPush.Mappings;
using SegmentPush.Platform;
using SegmentPush.Segments;

namespace SegmentPush.Pushes.Audiences;

/// <summary>The audience that a push reads, and how, as the journal keeps it so that the push can be resumed.</summary>
/// <param name="OrganizationId">Organization ID.</param>
/// <param name="SandboxName">Name of the sandbox.</param>
/// <param name="Id">Id of the audience.</param>
/// <param name="Name">Its name when the push began.</param>
/// <param name="Fields">The fields that are exported.</param>
internal sealed record AudienceRequest(string OrganizationId, string SandboxName, string Id, string Name, IReadOnlyList<string> Fields)
{
    private const string Email = "email";

    /// <summary>Path to the addresses among the identities of a profile.</summary>
    public const string EmailIdentities = "identityMap.Email";

    /// <summary>Id of the audience in its own system; null where there is none.</summary>
    public string? AudienceId { get; init; }

    /// <summary>Namespace of its memberships in profiles.</summary>
    public string MembershipNamespace { get; init; } = "ups";

    /// <summary>Its merge policy; null for the audience's own.</summary>
    public string? MergePolicyId { get; init; }

    /// <summary>Labels of data usage.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Path to the identity that finds people in Marketo.</summary>
    public string IdentitySource { get; init; } = "";

    /// <summary>Whether that is an address, so that the identities of a profile may hold one where the path does not.</summary>
    public bool IsByEmail { get; init; }

    /// <summary>Which addresses are taken.</summary>
    public AudienceIdentities Identities { get; init; }

    /// <summary>Whether data usage policies are not asked.</summary>
    public bool SkipPolicyCheck { get; init; }

    /// <summary>Id of the dataflow of a file destination that the audience is exported through; null for an export job.</summary>
    public string? Through { get; init; }

    /// <summary>What the user says of the form of a destination's files; null for nothing.</summary>
    public SavedForm? Form { get; init; }

    /// <summary>The request of an audience.</summary>
    /// <param name="connection">The platform.</param>
    /// <param name="audience">The audience.</param>
    /// <param name="mapping">The mapping, whose sources are paths of a profile.</param>
    /// <param name="isThrough">Whether a destination decides about the fields, so that the sources are columns of its files.</param>
    /// <param name="ignoresConsent">Whether consent is not asked, so that it is not exported.</param>
    /// <exception cref="SegmentPushException">A source of the mapping is no path of a profile (<c>FieldPathInvalid</c>), or nothing finds people.</exception>
    public static AudienceRequest Of(
        PlatformConnection connection, PlatformAudience audience, IReadOnlyList<SegmentMapping> mapping, bool isThrough, bool ignoresConsent = false)
    {
        var mistakes = new MappingMistakes();
        var identity = Mappings.Mapping.CheckEntries(mapping, mistakes);
        mistakes.ThrowIfAny();
        string[] paths = [.. mapping.Where(entry => !entry.IsConstant).Select(entry => entry.Source)];
        var fields = isThrough ? paths : AudienceFields.Of(paths, isForPush: true, ignoresConsent);
        return new AudienceRequest(connection.OrganizationId, connection.SandboxName, audience.Id, audience.Name, fields)
        {
            AudienceId = audience.AudienceId,
            MembershipNamespace = audience.MembershipNamespace,
            MergePolicyId = audience.MergePolicyId,
            Labels = audience.Labels,
            IdentitySource = identity!.Source,
            IsByEmail = string.Equals(identity.Target, Email, StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>Checks what can be known without the platform.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="identities">Which addresses are taken.</param>
    /// <param name="through">Id of a dataflow; null for an export job.</param>
    /// <param name="skipsPolicyCheck">Whether policies are not asked.</param>
    /// <exception cref="SegmentPushException">
    /// A source of the mapping is no path (<c>FieldPathInvalid</c>), people are not found by an address (<c>IdentitiesNotSuitable</c>), or the destination
    /// in the platform decides (<c>ThroughNotSuitable</c>).
    /// </exception>
    public static void Check(IReadOnlyList<SegmentMapping> mapping, AudienceIdentities identities, string? through, bool skipsPolicyCheck)
    {
        if (through is null) AudienceFields.Of(mapping.Where(entry => !entry.IsConstant).Select(entry => entry.Source), isForPush: true);
        if (identities == AudienceIdentities.All && !string.Equals(Mappings.Mapping.IdentityOf(mapping)?.Target, Email, StringComparison.OrdinalIgnoreCase))
        {
            throw new SegmentPushException(
                "IdentitiesNotSuitable",
                "With -Identities All each address of a profile is a row, and the mapping finds people by another field.",
                "Find people by email, or leave -Identities out.");
        }

        if (through is null || (identities == AudienceIdentities.First && !skipsPolicyCheck)) return;
        throw new SegmentPushException(
            "ThroughNotSuitable",
            "With -Through the destination in Experience Platform decides which addresses its files have, and Adobe's own checks apply.",
            "Leave -Identities and -SkipPolicyCheck out; the deduplication key of the destination decides about addresses.",
            through);
    }

    /// <summary>The audience.</summary>
    public PlatformAudience Audience => new()
    {
        Name = Name,
        Id = Id,
        AudienceId = AudienceId,
        Labels = Labels,
        MergePolicyId = MergePolicyId,
        MembershipNamespace = MembershipNamespace,
    };

    /// <summary>What is not checked where policies are not asked.</summary>
    public MessageText PolicyCheckSkipped => PolicySkip.Describe(Name, Labels);

    /// <summary>Where the memberships of its profiles stand.</summary>
    public AudienceMembership Membership => AudienceMembership.Of(Audience);

    /// <summary>The form as a line for people.</summary>
    public MessageText Describe() => Through is null
        ? (MessageText)$"audience {Id} of sandbox {SandboxName}, fields {string.Join(", ", Fields)}"
        : $"audience {Id} of sandbox {SandboxName}, through the dataflow {Through}";

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static AudienceRequest Parse(string text) => JsonSerializer.Deserialize(text, AudienceJson.Default.AudienceRequest)!;

    /// <summary>The request as text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, AudienceJson.Default.AudienceRequest);
}

/// <summary>How requests are written.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AudienceRequest))]
internal sealed partial class AudienceJson : JsonSerializerContext;
