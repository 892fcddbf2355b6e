using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using SegmentPush.Sandbox.Endpoints;
using SegmentPush.Sandbox.Exports;
using SegmentPush.Sandbox.Imports;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox;

/// <summary>
/// A Marketo instance on the loopback of this machine, written from Adobe's contract: for trying things out, and for
/// tests, which can look behind it. It keeps Marketo's limits and notes what a client does against the contract.
/// </summary>
public sealed class SandboxInstance : IDisposable
{
    private readonly PersonStore _store;
    private readonly Tokens _tokens;
    private readonly Faults _faults = new();
    private readonly CallLimits _limits;
    private readonly ImportQueue _imports;
    private readonly ExportQueue _exports;
    private readonly SandboxServer _server;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly Folder _groupLists;

    private SandboxInstance(SandboxOptions options, HttpListener listener, Uri endpoint)
    {
        Options = options;
        Endpoint = endpoint;
        _store = new PersonStore(options.TimeProvider);
        _tokens = new Tokens(options);
        _limits = new CallLimits(options);
        _store.Seed(options.People);
        var activities = _store.AddFolder(1, "Folder", "Marketing Activities", "Zone", null);
        var events = _store.AddFolder(15, "Folder", "Events", "Marketing Folder", activities);
        _store.AddFolder(1034, "Program", "Webinar EMEA 2026", "Marketing Event", events);
        var database = _store.AddFolder(9, "Folder", "Lead Database", "Zone", null);
        _groupLists = _store.AddFolder(42, "Folder", "Group Lists", "Marketing Folder", database);
        _store.AddList("Webinar EMEA", _groupLists, 1021);
        var newsletter = _store.AddList("Newsletter", _groupLists, 1022);
        for (int i = 1; i <= options.People / 10; i++) newsletter.Add(1000 + i);
        _imports = new ImportQueue(_store, options, _faults);
        _exports = new ExportQueue(_store, options);
        _server = new SandboxServer(
            listener,
            [
                .. new LeadEndpoints(_store, options, _faults, _violations.Enqueue).All(),
                .. new ListEndpoints(_store, options, _faults, _violations.Enqueue).All(),
                .. new AssetEndpoints(_store, _violations.Enqueue).All(),
                .. new ImportEndpoints(_store, _imports).All(),
                .. new ExportEndpoints(_store, _exports, options, _violations.Enqueue).All(),
                .. new UsageEndpoints(_limits, options).All(),
            ],
            options,
            _tokens,
            _limits,
            _faults,
            _violations.Enqueue);
    }

    /// <summary>How it behaves.</summary>
    public SandboxOptions Options { get; }

    /// <summary>Where it is.</summary>
    public Uri Endpoint { get; }

    /// <summary>The calls it got, oldest first, the token's included.</summary>
    public IReadOnlyCollection<SandboxCall> Calls => _server.Calls;

    /// <summary>What clients did against the contract.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>How many tokens it made.</summary>
    public int TokensMade => _tokens.Made;

    /// <summary>The tokens that it made, which no client may write anywhere.</summary>
    public IReadOnlyCollection<string> Tokens => _tokens.Given;

    /// <summary>Calls that count for today's quota.</summary>
    public int CallsToday
    {
        get => _limits.Today;
        set => _limits.Today = value;
    }

    /// <summary>Number of people.</summary>
    public int PersonCount
    {
        get
        {
            lock (_store.Gate) return _store.Count;
        }
    }

    /// <summary>Starts an instance.</summary>
    /// <param name="options">How it behaves; null for a usual instance.</param>
    public static SandboxInstance Start(SandboxOptions? options = null)
    {
        var (listener, endpoint) = Loopback.Listen();
        return new SandboxInstance(options ?? new SandboxOptions(), listener, endpoint);
    }

    /// <summary>Adds a person.</summary>
    /// <param name="fields">Values by REST API name; <c>updatedAt</c> may be among them.</param>
    /// <returns>The person's id.</returns>
    public int AddPerson(IReadOnlyDictionary<string, object?> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        lock (_store.Gate)
        {
            var person = _store.Create();
            Set(person, fields);
            return person.Id;
        }
    }

    /// <summary>Updates a person, as somebody else would.</summary>
    /// <param name="id">The person's id.</param>
    /// <param name="fields">Values by REST API name, null to clear one; <c>updatedAt</c> may be among them, and is now where it is not.</param>
    public void UpdatePerson(long id, IReadOnlyDictionary<string, object?> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        lock (_store.Gate)
        {
            var person = _store.Find((int)id)!;
            person.UpdatedAt = Options.TimeProvider.GetUtcNow();
            Set(person, fields);
        }
    }

    /// <summary>Deletes a person, who is then on no list.</summary>
    /// <returns>Whether there was one.</returns>
    public bool DeletePerson(long id)
    {
        lock (_store.Gate) return _store.Remove((int)id);
    }

    /// <summary>A person's fields that have a value; null where there is no such person.</summary>
    public PersonView? FindPerson(long id)
    {
        lock (_store.Gate) return _store.Find((int)id) is { } person ? new PersonView(person) : null;
    }

    /// <summary>The people who have a value in a searchable field.</summary>
    public IReadOnlyList<PersonView> FindPeople(string field, string value)
    {
        lock (_store.Gate) return [.. _store.Find(Field.All[field], value).Select(person => new PersonView(person))];
    }

    /// <summary>Makes a company record the owner of a person's company fields.</summary>
    public void TieToCompany(long id)
    {
        lock (_store.Gate) _store.Find((int)id)!.IsTiedToCompany = true;
    }

    /// <summary>Adds a static list to the folder <c>Group Lists</c>.</summary>
    /// <returns>Its id.</returns>
    public int AddStaticList(string name, int? id = null)
    {
        lock (_store.Gate) return _store.AddList(name, _groupLists, id).Id;
    }

    /// <summary>Deletes a static list.</summary>
    /// <returns>Whether there was one.</returns>
    public bool DeleteStaticList(long listId)
    {
        lock (_store.Gate) return _store.RemoveList((int)listId);
    }

    /// <summary>Ids of the people on a list.</summary>
    public IReadOnlyList<int> GetMembers(long listId)
    {
        lock (_store.Gate) return _store.FindList((int)listId)!.Ids();
    }

    /// <summary>Adds a person to a list.</summary>
    /// <returns>Whether the person was not on it.</returns>
    public bool AddToList(long listId, long personId)
    {
        lock (_store.Gate) return _store.FindList((int)listId)!.Add(_store.Find((int)personId)!.Id);
    }

    /// <summary>Removes a person from a list.</summary>
    /// <returns>Whether the person was on it.</returns>
    public bool RemoveFromList(long listId, long personId)
    {
        lock (_store.Gate) return _store.FindList((int)listId)!.Remove((int)personId);
    }

    /// <summary>Puts exactly these people on a list.</summary>
    public void SetMembers(long listId, IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        lock (_store.Gate)
        {
            var list = _store.FindList((int)listId)!;
            list.Clear();
            foreach (int id in ids) list.Add(id);
        }
    }

    /// <summary>Lets something go wrong from now on.</summary>
    public void Inject(SandboxFault fault) => _faults.Add(fault);

    /// <summary>Ends all faults.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>Makes the token that is in use invalid.</summary>
    public void InvalidateToken() => _tokens.Invalidate();

    /// <summary>Forgets the calls it got.</summary>
    public void ForgetCalls() => _server.ForgetCalls();

    /// <summary>Ends the instance and forgets its people.</summary>
    public void Dispose()
    {
        _server.Dispose();
        _imports.Dispose();
        _exports.Dispose();
    }

    private void Set(Person person, IReadOnlyDictionary<string, object?> fields)
    {
        foreach (var (name, value) in fields)
        {
            string? text = value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
            if (name == "updatedAt") person.UpdatedAt = DateTimeOffset.Parse(text!, CultureInfo.InvariantCulture);
            else if (name == "leadPartitionId") person.PartitionId = int.Parse(text!, CultureInfo.InvariantCulture);
            else _store.Set(person, Field.All[name], text);
        }
    }
}
