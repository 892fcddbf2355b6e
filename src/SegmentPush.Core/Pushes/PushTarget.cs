using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>What a push is aimed at, found and checked in the instance before anything is written there.</summary>
internal sealed class PushTarget
{
    private const string PartitionIdField = "leadPartitionId";

    private readonly PushOptions _options;

    private PushTarget(PushOptions options, Mapping mapping, StaticList staticList, LeadPartition? partition, bool showsPartition)
    {
        _options = options;
        PartitionField = partition is not null && showsPartition ? PartitionIdField : null;
        Mapping = mapping;
        StaticList = staticList;
        Partition = partition;
    }

    public Mapping Mapping { get; }

    public StaticList StaticList { get; }

    public LeadPartition? Partition { get; }

    /// <summary>The field that holds the id of a person's partition; null where it does not matter, or the instance does not show it.</summary>
    public string? PartitionField { get; }

    public PersonCreation PersonCreation => _options.PersonCreation;

    /// <summary>Whether fields of people who exist are written.</summary>
    public bool WritesExisting => _options.ExistingPeople == ExistingPeople.Update && Mapping.AttributeFields.Any(IsSent);

    /// <summary>Whether people are created.</summary>
    public bool Creates => PersonCreation == PersonCreation.MatchExistingAndCreateMissing;

    /// <summary>Whether people can be imported by their identity without asking who exists: nobody's fields are to be kept.</summary>
    public bool ImportsByIdentity => Creates && (WritesExisting || Mapping.AttributeFields.Count == 0);

    /// <summary>Whether a field is sent at all: company fields are promised only for people who are created.</summary>
    public bool IsSent(TargetField field) => Creates || !field.IsCompanyField;

    /// <summary>Whether the push only looks people up, and writes nothing but the list.</summary>
    public bool OnlyMatches => !Creates && !WritesExisting;

    /// <summary>What the push does with the mapping.</summary>
    public MappingUse Use => new(_options.Values, Creates, target => !OnlyMatches && IsSent(target));

    /// <summary>Company fields that are mapped, but not sent because nobody is created.</summary>
    public IReadOnlyList<string> FieldsLeftOut =>
        Creates || _options.ExistingPeople == ExistingPeople.Keep ? [] : [.. Mapping.AttributeFields.Where(f => f.IsCompanyField).Select(f => f.Name)];

    /// <summary>Finds and checks everything that the options name.</summary>
    /// <exception cref="SegmentPushException">Something is not there, or not allowed.</exception>
    public static async Task<PushTarget> ResolveAsync(PushOptions options, CancellationToken cancellation)
    {
        var connection = options.Connection;
        var fields = await GetFieldsAsync(connection, cancellation).ConfigureAwait(false);
        var mapping = Mapping.Check(options.Mapping, fields, options.Values);
        if (options.PersonCreation == PersonCreation.MatchExistingAndCreateMissing && !mapping.IdentityField.Updateable)
        {
            throw new SegmentPushException(
                "IdentityNotUpdateable",
                $"People can't be created by the field '{mapping.IdentityField.Name}': Marketo's API doesn't write it.",
                "Match by a field that can be written, such as email, or use MatchExisting.",
                mapping.IdentityField.Name);
        }

        var partition = await FindPartitionAsync(options, cancellation).ConfigureAwait(false);
        var list = await options.StaticList.ResolveAsync(connection.StaticLists, cancellation).ConfigureAwait(false);
        return new PushTarget(
            options, mapping, list, partition, fields.Any(f => string.Equals(f.Name, PartitionIdField, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The fields of people that the instance has, as mappings see them.</summary>
    public static async Task<IReadOnlyCollection<TargetField>> GetFieldsAsync(MarketoConnection connection, CancellationToken cancellation)
    {
        var fields = await connection.Facts.DescribeAsync(cancellation).ConfigureAwait(false);
        return [.. fields.Select(f => new TargetField(f.Name, f.DataType, f.Length, f.Updateable, f.Searchable))];
    }

    private static async Task<LeadPartition?> FindPartitionAsync(PushOptions options, CancellationToken cancellation)
    {
        if (options.Partition is not { } name) return null;
        var partitions = await options.Connection.Facts.GetPartitionsAsync(cancellation).ConfigureAwait(false);
        return partitions.FirstOrDefault(p => string.Equals(p.Name, name.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? throw new SegmentPushException(
                "PartitionNotFound",
                $"This Marketo instance has no lead partition '{name}' that the API-only user may see.",
                $"It has: {string.Join(", ", partitions.Select(p => $"'{p.Name}'"))}.",
                name);
    }
}
