namespace SegmentPush.Sandbox.Platform;

/// <summary>What the platform holds. Every use holds its gate.</summary>
internal sealed class PlatformStore
{
    public Lock Gate { get; } = new();

    public List<PlatformSandboxAudience> Audiences { get; } = [];

    public List<PlatformProfile> Profiles { get; } = [];

    public List<Dataset> Datasets { get; } = [];

    public List<ExportJob> Jobs { get; } = [];

    public List<Policy> Policies { get; } = [];

    /// <summary>Labels of fields of the datasets, by the fields' paths.</summary>
    public Dictionary<string, string> FieldLabels { get; } = [];

    public IEnumerable<Batch> Batches => Jobs.Where(job => job.Batch is not null).Select(job => job.Batch!);

    /// <summary>How many profiles are in an audience.</summary>
    public int Count(string audienceId) => Profiles.Count(profile => IsIn(profile, audienceId));

    /// <summary>Which bytes of files are zero when they are sent, and how often.</summary>
    public FileDamage? Damage { get; set; }

    /// <summary>The bytes of a file as they are sent now.</summary>
    public ReadOnlyMemory<byte> Damaged(ReadOnlyMemory<byte> bytes)
    {
        if (Damage is not { Times: > 0 } damage) return bytes;
        Damage = damage with { Times = damage.Times - 1 };
        byte[] copy = bytes.ToArray();
        copy.AsSpan(Math.Min(damage.From, copy.Length), Math.Clamp(copy.Length - damage.From, 0, damage.Count)).Clear();
        return copy;
    }

    /// <summary>Whether a profile is in an audience now.</summary>
    public static bool IsIn(PlatformProfile profile, string audienceId) =>
        profile.Memberships.TryGetValue(audienceId, out var membership) && membership.Status is "realized" or "existing";
}

/// <summary>A dataset of the catalog.</summary>
internal sealed record Dataset(string Id, string Name, string SchemaId, long Created);

/// <summary>A data usage policy that forbids emails to people of audiences with all of its labels.</summary>
internal sealed record Policy(string Name, IReadOnlyList<string> Labels);

/// <summary>An export job.</summary>
internal sealed class ExportJob(long id, string datasetId, string segmentId, string segmentNamespace, string? fields, long created)
{
    public long Id => id;

    public string DatasetId => datasetId;

    public string SegmentId => segmentId;

    public string SegmentNamespace => segmentNamespace;

    /// <summary>The fields that were asked for; null for all.</summary>
    public string? Fields => fields;

    public long Created { get; set; } = created;

    public string Status { get; set; } = "NEW";

    public Batch? Batch { get; set; }
}

/// <summary>What a job wrote.</summary>
internal sealed class Batch(string id, string datasetId, long created, long profiles, IReadOnlyList<BatchFile> files)
{
    public string Id => id;

    /// <summary>Id of the dataset file that is the folder of its files.</summary>
    public string FolderId => id + "-1";

    public string DatasetId => datasetId;

    public long Created => created;

    public long Profiles => profiles;

    public IReadOnlyList<BatchFile> Files => files;

    public bool IsDeleted { get; set; }
}

/// <summary>A file of a batch.</summary>
internal sealed record BatchFile(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>Damage of files on their way.</summary>
/// <param name="From">The first byte that is zero.</param>
/// <param name="Count">Number of bytes.</param>
/// <param name="Times">Number of calls.</param>
internal sealed record FileDamage(int From, int Count, int Times);
