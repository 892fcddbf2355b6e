using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>A plan on disk: what would be done, and of what it was made, so that just that is pushed or nothing.</summary>
internal sealed record PlanFile
{
    /// <summary>A plan may replace a file with <c>-Force</c> only.</summary>
    public static readonly OutputKind Kind = new("plan")
    {
        NotWritableId = "PlanNotWritable",

        // Who only wants to replace the file must not switch the guard off by it.
        ExistsAction = "Give another path, or remove the file. -Force replaces it, too, but also lets all removals of the plan through.",
    };

    private const int CurrentVersion = 2;

    /// <summary>Version of the file's form.</summary>
    public required int Version { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The destination as it was.</summary>
    public required string Definition { get; init; }

    /// <summary>Whether the guard lets everything through.</summary>
    public required bool Force { get; init; }

    /// <summary>Whether the list is read back.</summary>
    public required bool Verify { get; init; }

    /// <summary>Whether the list is read before, and what is remembered set aside.</summary>
    public required bool Resync { get; init; }

    /// <summary>How Marketo is reached.</summary>
    public required Delivery Delivery { get; init; }

    /// <summary>The files of the segment.</summary>
    public required IReadOnlyList<PlannedSource> Sources { get; init; }

    /// <summary>Digest of the people on the list.</summary>
    public required string ListDigest { get; init; }

    /// <summary>The plan, for people to read.</summary>
    public required PushPlan Plan { get; init; }

    /// <summary>Makes a plan and writes it.</summary>
    /// <param name="output">The file.</param>
    /// <param name="options">What the push is to do.</param>
    /// <param name="sources">Where its people come from; files all.</param>
    /// <param name="plan">Makes the plan, and disposes the sources.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">It can't be made or written.</exception>
    public static async Task<PushPlan> SaveAsync(
        OutputFile output, PushOptions options, IReadOnlyList<PushSource> sources, Func<Task<PushPlan>> plan, CancellationToken cancellation)
    {
        var target = await PushTarget.ResolveAsync(options, cancellation).ConfigureAwait(false);
        string digest = await DigestAsync(new ListReader(options.Connection, target.StaticList.Id, target.Mapping.IdentityField.Name, options.Bulk, _ => { }), MembersOf(options), cancellation).ConfigureAwait(false);
        PlannedSource[] planned = [.. sources.Select(PlannedSource.Of)];
        var destination = options.Destination!;
        var made = await plan().ConfigureAwait(false);
        var file = new PlanFile
        {
            Version = CurrentVersion,
            Created = options.Connection.Time.GetUtcNow(),
            Definition = DestinationText.Write(destination.Destination),
            Force = destination.Force,
            Verify = destination.Verify,
            Resync = destination.Resync,
            Delivery = options.Delivery,
            Sources = planned,
            ListDigest = digest,
            Plan = made,
        };
        output.WriteText(mayReplace: destination.Force, JsonSerializer.Serialize(file, PlanJson.Default.PlanFile) + "\n");
        return made;
    }

    /// <summary>Reads a plan, and checks that the destination is what it was. Opening its sources checks the files.</summary>
    /// <param name="path">The file.</param>
    /// <param name="journal">Holds the destination.</param>
    /// <exception cref="SegmentPushException"><c>PlanNotReadable</c>, or something has changed since (<c>PlanOutdated</c>).</exception>
    public static PlanFile Open(string path, PushJournal journal)
    {
        var file = Read(path);
        var planned = file.Destination;
        var now = SavedDestinations.Get(journal, planned.Name);
        if (DestinationText.Write(now) != DestinationText.Write(planned with { MaxRemovals = now.MaxRemovals, MaxRejectPercent = now.MaxRejectPercent }))
            throw Outdated($"the destination '{planned.Name}' has been changed");
        return file;
    }

    /// <summary>The destination as it was planned.</summary>
    [JsonIgnore]
    public SegmentDestination Destination => DestinationText.Read(Definition, "The plan");

    /// <summary>A digest of the people on a list, in any order.</summary>
    public static async Task<string> DigestAsync(ListReader reading, int expected, CancellationToken cancellation)
    {
        var ids = new List<long>();
        await foreach (var page in reading.ReadAsync(expected, cancellation).ConfigureAwait(false))
        {
            foreach (var person in page) ids.Add(person.Id);
        }

        ids.Sort();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[sizeof(long)];
        foreach (long id in ids)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, id);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The error of a plan that does not hold any more.</summary>
    public static SegmentPushException Outdated(MessageText why) => new(
        "PlanOutdated", $"The plan does not hold any more: {why} since it was made. Nothing was sent.", "Make a new plan with Invoke-SegmentPush -SavePlan.");

    private static int MembersOf(PushOptions options)
    {
        using var journal = PushJournal.Open(options.Journal, options.Connection.Host);
        return SavedDestinations.SnapshotKeyOf(options.Destination!.Destination) is { } key && journal.Snapshots.Find(key) is { } known ? journal.Snapshots.Count(known) : 0;
    }

    private static PlanFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllText(path), PlanJson.Default.PlanFile);
            return file is { Version: CurrentVersion } ? file : throw new JsonException(MessageText.Say("It is of another version."));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegmentPushException("FileNotFound", $"There is no file '{path}'.", "Check the path and the current folder.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SegmentPushException(
                "PlanNotReadable", $"'{path}' is no plan that can be read: {e.Message.Split(" Path:")[0]}", "Make one with Invoke-SegmentPush -SavePlan.", path, e);
        }
    }
}

/// <summary>A file that a plan was made of.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Form">Its form, and the hash of its content.</param>
internal sealed record PlannedSource(string Path, SavedForm Form)
{
    /// <summary>The file as it is now.</summary>
    public static PlannedSource Of(PushSource source) => source.File is { } file
        ? new PlannedSource(source.Name, SavedForm.Of(file))
        : throw new SegmentPushException("PlanNeedsFiles", "A plan of piped objects can't be pushed later, as they are gone then.", "Give the segment as a file with -Path.");

    /// <summary>Opens the file.</summary>
    /// <exception cref="SegmentPushException">It is not what it was (<c>PlanOutdated</c>), or can't be read.</exception>
    public PushSource Open()
    {
        try
        {
            return PushSource.Of(Form.Open(Path));
        }
        catch (SegmentPushException e) when (e.ErrorId is "SourceChanged" or "FileNotFound")
        {
            throw PlanFile.Outdated($"'{Path}' is not the file that it was made of");
        }
    }
}

/// <summary>How plans are written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PlanFile))]
internal sealed partial class PlanJson : JsonSerializerContext;
