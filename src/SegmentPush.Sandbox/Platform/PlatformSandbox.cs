using System.Collections.Concurrent;
using System.Net;

namespace SegmentPush.Sandbox.Platform;

/// <summary>
/// A small Experience Platform on the loopback of this machine, written from Adobe's contracts: for trying things out, and for tests, which
/// can look behind it. It is strict, and notes what a client does against the contracts.
/// </summary>
public sealed class PlatformSandbox : IDisposable
{
    private readonly PlatformStore _store = new();
    private readonly ImsEndpoint _ims;
    private readonly DestinationEndpoints _destination;
    private readonly Faults _faults = new();
    private readonly PlatformServer _server;
    private readonly ConcurrentQueue<string> _violations = new();

    private PlatformSandbox(PlatformSandboxOptions options, HttpListener listener, Uri endpoint)
    {
        Options = options;
        Endpoint = endpoint;
        _ims = new ImsEndpoint(options, _violations.Enqueue);
        if (options.HasRehearsalPeople) RehearsalPeople.AddTo(this, options.TimeProvider.GetUtcNow());
        var zone = new LandingZoneEndpoint(options, () => Endpoint, _violations.Enqueue);
        _destination = new DestinationEndpoints(_store, options, zone, _violations.Enqueue);
        _server = new PlatformServer(
            listener,
            [
                .. new AudienceEndpoints(_store, options).All(),
                .. new ExportJobEndpoints(_store, options, _violations.Enqueue).All(),
                .. new CatalogEndpoints(_store, options, _violations.Enqueue).All(),
                .. new DataAccessEndpoints(_store, options).All(),
                .. new PolicyEndpoints(_store).All(),
                .. _destination.All(),
            ],
            options,
            _ims,
            zone,
            _faults,
            _violations.Enqueue);
    }

    /// <summary>How it behaves.</summary>
    public PlatformSandboxOptions Options { get; }

    /// <summary>Where it is, its sign-in service too.</summary>
    public Uri Endpoint { get; }

    /// <summary>The calls it got, oldest first, sign-ins included.</summary>
    public IReadOnlyCollection<SandboxCall> Calls => _server.Calls;

    /// <summary>The greatest number of calls that were under way at once.</summary>
    public int MostCallsAtOnce => _server.MostAtOnce;

    /// <summary>What clients did against the contracts.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>The tokens that it made, which no client may write anywhere.</summary>
    public IReadOnlyCollection<string> Tokens => _ims.Given;

    /// <summary>Ids of the export jobs that it has, oldest first.</summary>
    public IReadOnlyList<long> ExportJobs
    {
        get
        {
            lock (_store.Gate) return [.. _store.Jobs.Select(job => job.Id)];
        }
    }

    /// <summary>Ids of the runs of its file destination, oldest first.</summary>
    public IReadOnlyList<string> DestinationRuns => _destination.Runs;

    /// <summary>Number of datasets that it has.</summary>
    public int DatasetCount
    {
        get
        {
            lock (_store.Gate) return _store.Datasets.Count;
        }
    }

    /// <summary>Ids of the batches that it has.</summary>
    public IReadOnlyList<string> Batches
    {
        get
        {
            lock (_store.Gate) return [.. _store.Batches.Where(batch => !batch.IsDeleted).Select(batch => batch.Id)];
        }
    }

    /// <summary>Starts a platform.</summary>
    /// <param name="options">How it behaves; null for a usual one.</param>
    public static PlatformSandbox Start(PlatformSandboxOptions? options = null)
    {
        var (listener, endpoint) = Loopback.Listen();
        return new PlatformSandbox(options ?? new PlatformSandboxOptions(), listener, endpoint);
    }

    /// <summary>Adds an audience.</summary>
    public void AddAudience(PlatformSandboxAudience audience)
    {
        lock (_store.Gate) _store.Audiences.Add(audience);
    }

    /// <summary>Adds a profile.</summary>
    public void AddProfile(PlatformProfile profile)
    {
        lock (_store.Gate) _store.Profiles.Add(profile);
    }

    /// <summary>Forgets all profiles.</summary>
    public void ClearProfiles()
    {
        lock (_store.Gate) _store.Profiles.Clear();
    }

    /// <summary>Adds a data usage policy that forbids emails to people of audiences with all of these labels.</summary>
    public void AddPolicy(string name, params string[] labels)
    {
        lock (_store.Gate) _store.Policies.Add(new Policy(name, labels));
    }

    /// <summary>Gives a field of the datasets of exports a label.</summary>
    public void AddFieldLabel(string field, string label)
    {
        lock (_store.Gate) _store.FieldLabels[field] = label;
    }

    /// <summary>Lets export jobs that are under way fail.</summary>
    public void FailExportJobs()
    {
        lock (_store.Gate)
        {
            foreach (var job in _store.Jobs.Where(job => job.Batch is null)) job.Status = "FAILED";
        }
    }

    /// <summary>Makes export jobs that are under way older, and lets them go on.</summary>
    public void AgeExportJobs(TimeSpan age)
    {
        lock (_store.Gate)
        {
            foreach (var job in _store.Jobs.Where(job => job.Batch is null)) job.Created -= (long)age.TotalMilliseconds;
        }
    }

    /// <summary>Lets something go wrong from now on.</summary>
    public void Inject(SandboxFault fault) => _faults.Add(fault);

    /// <summary>Ends all faults.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>Lets files of exports come with some bytes zero, in their right length.</summary>
    /// <param name="from">The first of these bytes.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="times">For how many calls.</param>
    public void DamageFiles(int from, int count, int times)
    {
        lock (_store.Gate) _store.Damage = new FileDamage(from, count, times);
    }

    /// <summary>Makes all tokens invalid.</summary>
    public void InvalidateTokens() => _ims.Invalidate();

    /// <summary>Forgets the calls it got.</summary>
    public void ForgetCalls() => _server.ForgetCalls();

    /// <summary>Ends the platform and forgets its people.</summary>
    public void Dispose() => _server.Dispose();
}
