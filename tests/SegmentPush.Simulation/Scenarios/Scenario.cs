namespace SegmentPush.Simulation.Scenarios;

/// <summary>
/// All that happens in a simulated world: who is in Marketo, what is to be pushed on each day, who meddles, and which faults meet the
/// product. Two runs of one scenario are the same, step by step.
/// </summary>
internal sealed record Scenario
{
    /// <summary>What the product promises, as a sentence; null for a scenario that a seed has made.</summary>
    public string? Promise { get; init; }

    /// <summary>The seed that made it. It also decides the jitter, the time that calls take, and which faults come while they are drawn.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where and how is pushed.</summary>
    public Target Target { get; init; } = new();

    /// <summary>How this Marketo instance behaves where its documents leave it open.</summary>
    public Habits Habits { get; init; } = new();

    /// <summary>People in Marketo before the first day.</summary>
    public IReadOnlyList<StartPerson> People { get; init; } = [];

    /// <summary>The days, in order.</summary>
    public IReadOnlyList<Day> Days { get; init; } = [];

    /// <summary>How often which faults are drawn; null where all faults stand in the days.</summary>
    public FaultRates? Rates { get; init; }

    /// <summary>Whether the push of a day reads the list back.</summary>
    public bool Verifies(Day day) => day.Verify ?? Target.Verify ?? Target.Mode == Mode.Mirror;
}

/// <summary>Where and how is pushed.</summary>
internal sealed record Target
{
    /// <summary>How a destination keeps its list in step; null for plain pushes without a destination.</summary>
    public Mode? Mode { get; init; }

    /// <summary>Whether people are created.</summary>
    public bool Creates { get; init; } = true;

    /// <summary>Whether fields of people who exist are written.</summary>
    public bool Updates { get; init; } = true;

    /// <summary>How Marketo is reached.</summary>
    public DeliveryKind Delivery { get; init; }

    /// <summary>From how many people on <see cref="DeliveryKind.Auto"/> imports.</summary>
    public int SyncUpTo { get; init; } = 20_000;

    /// <summary>The field that finds people.</summary>
    public IdentityKind Identity { get; init; }

    /// <summary>Whether the journal keeps hashes of identities.</summary>
    public bool HashesIdentities { get; init; }

    /// <summary>Whether the list is read back; null for what the mode does by itself.</summary>
    public bool? Verify { get; init; }

    /// <summary>From how many people on a list is read by an extract.</summary>
    public int PagesUpTo { get; init; } = 15_000;

    /// <summary>Most people that a mirror may take off, in percent of the list.</summary>
    public int MaxRemovalPercent { get; init; } = 100;

    /// <summary>By how much a segment may shrink, in percent.</summary>
    public int MaxShrinkPercent { get; init; } = 100;

    /// <summary>Calls at once.</summary>
    public int Concurrency { get; init; } = 5;

    /// <summary>Calls in 20 seconds.</summary>
    public int CallsPer20Seconds { get; init; } = 50;

    /// <summary>How often a call is repeated.</summary>
    public int RetryLimit { get; init; } = 6;

    /// <summary>Whether rejected rows are written into a file.</summary>
    public bool WritesRejects { get; init; }

    /// <summary>Which fields are mapped besides the identity.</summary>
    public IReadOnlyList<string> Fields { get; init; } = ["firstName", "leadScore"];
}

/// <summary>How a list is kept in step.</summary>
internal enum Mode
{
    Append,
    Mirror,
    Delta,
}

/// <summary>How Marketo is reached.</summary>
internal enum DeliveryKind
{
    Sync,
    Bulk,
    Auto,
}

/// <summary>The field that finds people.</summary>
internal enum IdentityKind
{
    Email,

    /// <summary>A text field: <c>customerCode</c>.</summary>
    Text,

    /// <summary>A number field: <c>customerNumber</c>.</summary>
    Number,
}

/// <summary>How a Marketo instance behaves where its documents leave it open.</summary>
internal sealed record Habits
{
    /// <summary>Whether adding somebody who is on a list is answered <c>added</c>, as real instances do, instead of <c>memberof</c>.</summary>
    public bool SaysAddedToMembers { get; init; } = true;

    /// <summary>Whether an empty cell of an import file clears the field.</summary>
    public bool EmptyCellClears { get; init; }

    /// <summary>How long an import takes, in seconds.</summary>
    public int ImportSeconds { get; init; } = 8;

    /// <summary>By how many seconds an extract lags behind its list.</summary>
    public int ExtractLagSeconds { get; init; }

    /// <summary>Whether a create that is refused because somebody is there tells the id.</summary>
    public bool TellsIdOfExisting { get; init; }
}

/// <summary>Somebody who is in Marketo before the first day.</summary>
/// <param name="Identity">Value of the field that finds people.</param>
/// <param name="IsOnList">Whether the person is on the list.</param>
/// <param name="FirstName">First name.</param>
internal sealed record StartPerson(string Identity, bool IsOnList, string? FirstName = null);

/// <summary>How often which faults are drawn, in percent of the steps that they can meet.</summary>
internal sealed record FaultRates
{
    public double Stop { get; init; }

    public double StopAtDisk { get; init; }

    public double LostAnswer { get; init; }

    public double Refusal { get; init; }

    public double Disk { get; init; }

    public double Clock { get; init; }

    public double Meddling { get; init; }

    /// <summary>Most faults on one day.</summary>
    public int MostPerDay { get; init; } = 3;
}
