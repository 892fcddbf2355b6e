namespace SegmentPush.Sandbox.Platform;

/// <summary>How a small Experience Platform behaves.</summary>
public sealed record PlatformSandboxOptions
{
    /// <summary>Organization ID.</summary>
    public string OrganizationId { get; init; } = "0123456789ABCDEF01234567@AdobeOrg";

    /// <summary>Client ID that it accepts.</summary>
    public string ClientId { get; init; } = "sandbox-client";

    /// <summary>Client secret that it accepts.</summary>
    public string ClientSecret { get; init; } = "sandbox-secret";

    /// <summary>Name of its only sandbox.</summary>
    public string SandboxName { get; init; } = "prod";

    /// <summary>Whether it begins with the audiences and profiles of the rehearsal.</summary>
    public bool HasRehearsalPeople { get; init; } = true;

    /// <summary>Clock for tokens and jobs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(86399);

    /// <summary>Whether the sign-in tells the lifetime of a token in milliseconds, as the older one did.</summary>
    public bool TellsMilliseconds { get; init; }

    /// <summary>Calls in any second before one is answered with 429; null for no limit.</summary>
    public int? CallsPerSecond { get; init; }

    /// <summary>How long each call takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How long an export job takes.</summary>
    public TimeSpan ExportDuration { get; init; }

    /// <summary>How long after its job's end a batch is complete. Until then its files are not all there.</summary>
    public TimeSpan BatchDelay { get; init; }

    /// <summary>Audiences on a page, at most.</summary>
    public int AudiencesPerPage { get; init; } = 100;

    /// <summary>Whether <c>next</c> counts pages, and not audiences.</summary>
    public bool CountsPages { get; init; }

    /// <summary>Export jobs on a page, at most.</summary>
    public int JobsPerPage { get; init; } = 100;

    /// <summary>Whether export jobs are listed from the oldest one on; Adobe begins with the newest by default.</summary>
    public bool ListsOldestFirst { get; init; }

    /// <summary>Batches and datasets on a page, at most; 100 with Adobe.</summary>
    public int CatalogPageSize { get; init; } = 100;

    /// <summary>Files on a page, at most; 100 with Adobe.</summary>
    public int FilesPerPage { get; init; } = 100;

    /// <summary>Profiles in a file, at most.</summary>
    public int ProfilesPerFile { get; init; } = 100_000;

    /// <summary>Profiles in a row group, at most.</summary>
    public int ProfilesPerGroup { get; init; } = 50_000;

    /// <summary>Bytes that a call for a part of a file gets, at most; null for all that it asks for.</summary>
    public int? LargestRange { get; init; }

    /// <summary>Whether parts of files are sent; without them each call brings the whole file.</summary>
    public bool SendsRanges { get; init; } = true;

    /// <summary>Profiles of each export that are counted, and not in its files.</summary>
    public int ProfilesLost { get; init; }

    /// <summary>Profiles of each export that its batch says could not be processed.</summary>
    public int RecordsFailed { get; init; }

    /// <summary>Whether exports also hold profiles that have left the audience.</summary>
    public bool ExportsLeavers { get; init; }

    /// <summary>Whether the union schema has consents.</summary>
    public bool HasConsents { get; init; } = true;

    /// <summary>Whether the union schema has the consent to marketing of any kind.</summary>
    public bool HasConsentToAny { get; init; } = true;

    /// <summary>Whether the union schema has consents of single addresses.</summary>
    public bool HasConsentsOfAddresses { get; init; } = true;

    /// <summary>Whether an unknown field is answered with a job that fails, and not with a refusal.</summary>
    public bool FailsUnknownFields { get; init; }

    /// <summary>Whether batches may be deleted.</summary>
    public bool DeletesBatches { get; init; } = true;

    /// <summary>Id of the dataflow of its only file destination, which writes into the Data Landing Zone.</summary>
    public string DataflowId { get; init; } = "b0780cb5-2bb7-4409-bf2c-c625ca818588";

    /// <summary>Whether the file name template of the destination has the id of the audience.</summary>
    public bool NamesFilesAfterAudience { get; init; } = true;

    /// <summary>Ids of the audiences that are mapped to the destination; null for all.</summary>
    public IReadOnlyList<string>? MappedAudiences { get; init; }

    /// <summary>How long a run of the destination takes.</summary>
    public TimeSpan RunDuration { get; init; }

    /// <summary>How long after its start a run is not known to the flow service yet.</summary>
    public TimeSpan RunDelay { get; init; }

    /// <summary>Runs of the destination on a page, at most.</summary>
    public int RunsPerPage { get; init; } = 100;

    /// <summary>The status in which runs of the destination end.</summary>
    public string RunStatus { get; init; } = "success";

    /// <summary>Calls after which a signature of the Data Landing Zone has expired; null for one that does not expire.</summary>
    public int? CallsPerSignature { get; init; }

    /// <summary>Whether the destination writes a manifest.</summary>
    public bool WritesManifest { get; init; } = true;
}
