namespace SegmentPush.Sandbox;

/// <summary>How a sandbox behaves. The defaults are those of a usual Marketo instance.</summary>
public sealed record SandboxOptions
{
    /// <summary>Munchkin id that the instance calls its own.</summary>
    public string MunchkinId { get; init; } = "000-SBX-000";

    /// <summary>Client id that it accepts.</summary>
    public string ClientId { get; init; } = "sandbox-client";

    /// <summary>Client secret that it accepts.</summary>
    public string ClientSecret { get; init; } = "sandbox-secret";

    /// <summary>Address of the API-only user.</summary>
    public string ApiUser { get; init; } = "sandbox@example.com";

    /// <summary>Whether the API-only user has the permission <c>Read-Write Lead</c>; without it, calls that change people or lists' members answer 603.</summary>
    public bool HasReadWriteLead { get; init; } = true;

    /// <summary>Whether the API-only user has the permission <c>Read-Write Assets</c>; without it, calls that create lists answer 603.</summary>
    public bool HasReadWriteAssets { get; init; } = true;

    /// <summary>Number of people it starts with: person1@example.com and on.</summary>
    public int People { get; init; } = 3000;

    /// <summary>Clock for tokens, limits and times of update.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Calls in any 20 seconds; null for no limit.</summary>
    public int? CallsPer20Seconds { get; init; } = 100;

    /// <summary>Calls at the same time; null for no limit.</summary>
    public int? ConcurrentCalls { get; init; } = 10;

    /// <summary>Calls of a day; null for no limit.</summary>
    public int? DailyCalls { get; init; } = 50_000;

    /// <summary>How long each call takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How long a bulk import takes after it has begun.</summary>
    public TimeSpan ImportDuration { get; init; }

    /// <summary>How long a bulk extract takes after it has begun.</summary>
    public TimeSpan ExportDuration { get; init; }

    /// <summary>How often the status of a bulk extract moves after it was enqueued; zero for at once, a minute with Marketo.</summary>
    public TimeSpan ExportStatusInterval { get; init; }

    /// <summary>Bytes that bulk extracts may have in a day; null for no limit.</summary>
    public long? DailyExportBytes { get; init; } = 500_000_000;

    /// <summary>Whether adding somebody who is on the list already is answered with <c>memberof</c> instead of <c>added</c>.</summary>
    public bool RevealExistingMembers { get; init; }

    /// <summary>Whether adding somebody who is on the list already, and removing somebody who is not, is answered with <c>skipped</c> and no reason.</summary>
    public bool GivesNoReasons { get; init; }
}
