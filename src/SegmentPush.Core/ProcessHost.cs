namespace SegmentPush;

/// <summary>
/// What the machine gives to one process of SegmentPush. The product uses <see cref="Machine"/>. A simulation gives each simulated
/// process a host of its own, so that it can fail, delay or stop the process at every step that touches the world.
/// </summary>
internal sealed record ProcessHost
{
    /// <summary>The machine itself.</summary>
    public static ProcessHost Machine { get; } = new();

    /// <summary>The clock that every wait and every moment comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The machine's name, for a journal that several machines share.</summary>
    public string MachineName { get; init; } = Environment.MachineName;

    /// <summary>Gives numbers from 0 to 1 for the jitter of repeated calls; null for random ones.</summary>
    public Func<double>? Randomizer { get; init; }

    /// <summary>Sends the calls; null for the network. The host disposes it, the connection does not.</summary>
    public HttpMessageHandler? Network { get; init; }

    /// <summary>Tells the file system of a folder that lies on a network drive, null for one of this machine. Null where the machine itself is asked.</summary>
    public Func<string, string?>? NetworkFormatOf { get; init; }

    /// <summary>
    /// Whether threads and connections of their own renew leases, listen to what other machines tell, and copy rows of pipelines, by a real clock. In a
    /// simulation, whose time stands still meanwhile, leases are renewed by what the process writes, and before its calls; rows are copied before the push begins.
    /// </summary>
    public bool WatchesDatabase { get; init; } = true;

    /// <summary>Is given each lock and each open journal, which the machine takes back when the process ends. Null where nobody listens.</summary>
    public Action<IDisposable>? Opened { get; init; }

    /// <summary>Is called at each step that touches the disk or a lock; what it throws, the step throws. Null where nobody listens.</summary>
    public Action<DiskStep>? Disk { get; init; }
}

/// <summary>A step that touches the disk or a lock.</summary>
internal enum DiskStep
{
    /// <summary>Just before the journal reads or writes: nothing of it is on the disk yet.</summary>
    BeforeJournal,

    /// <summary>Just after the journal has read or committed.</summary>
    AfterJournal,

    /// <summary>Just before a lock is taken or looked at.</summary>
    BeforeLock,

    /// <summary>Just before a file beside the journal is deleted.</summary>
    BeforeDelete,

    /// <summary>All rows of a pipeline that have come are read, and the reader waits for more.</summary>
    WaitForRows,
}
