namespace SegmentPush.Sandbox;

/// <summary>The faults that are to happen.</summary>
internal sealed class Faults
{
    private readonly List<Armed> _armed = [];
    private readonly Random _random = new(20_260_101);
    private readonly Lock _lock = new();

    public void Add(SandboxFault fault)
    {
        lock (_lock) _armed.Add(new Armed(fault));
    }

    public void Clear()
    {
        lock (_lock) _armed.Clear();
    }

    /// <summary>The fault that meets a call; null where none does.</summary>
    public SandboxFault? Of(Call call)
    {
        lock (_lock)
        {
            foreach (var armed in _armed)
            {
                var fault = armed.Fault;
                if (fault.Kind == SandboxFaultKind.RejectRecords || !Meets(fault, call)) continue;
                if (armed.Seen++ < fault.After || armed.Met >= fault.Times) continue;
                if (fault.Share < 1 && _random.NextDouble() >= fault.Share) continue;
                armed.Met++;
                return fault;
            }
        }

        return null;
    }

    /// <summary>Why a record is to be skipped; null where it is not.</summary>
    public SandboxFault? OfRecord(Call call, Func<string> record)
    {
        lock (_lock)
        {
            foreach (var armed in _armed)
            {
                var fault = armed.Fault;
                if (fault.Kind == SandboxFaultKind.RejectRecords && Meets(fault, call) && fault.Record(record())) return fault;
            }
        }

        return null;
    }

    private static bool Meets(SandboxFault fault, Call call) =>
        (fault.Path is null ? !IsOfToken(call.Path) : fault.Path == call.Path || (fault.Path.EndsWith('*') && call.Path.StartsWith(fault.Path[..^1], StringComparison.Ordinal)))
        && (fault.Method is null || fault.Method == call.Method);

    private static bool IsOfToken(string path) =>
        path.StartsWith("/identity", StringComparison.Ordinal) || path.StartsWith("/ims", StringComparison.Ordinal);

    private sealed class Armed(SandboxFault fault)
    {
        public SandboxFault Fault => fault;

        public int Seen { get; set; }

        public int Met { get; set; }
    }
}
