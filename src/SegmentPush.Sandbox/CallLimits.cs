namespace SegmentPush.Sandbox;

/// <summary>Marketo's limits on calls: in 20 seconds, at once, and in a day that ends at midnight US Central.</summary>
internal sealed class CallLimits(SandboxOptions options)
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(20);
    private static readonly TimeZoneInfo s_central = TimeZoneInfo.FindSystemTimeZoneById("America/Chicago");

    private readonly Queue<DateTimeOffset> _recent = new();
    private readonly Lock _lock = new();
    private int _underWay;
    private readonly Dictionary<DateTime, int> _earlier = [];
    private readonly Dictionary<(DateTime Day, string Code), int> _errors = [];
    private int _today;
    private DateTime _day;

    /// <summary>Calls of today.</summary>
    public int Today
    {
        get
        {
            lock (_lock)
            {
                Turn();
                return _today;
            }
        }

        set
        {
            lock (_lock)
            {
                Turn();
                _today = value;
            }
        }
    }

    /// <summary>Lets a call in.</summary>
    /// <exception cref="Refusal">606, 607 or 615.</exception>
    public void Enter()
    {
        var now = options.TimeProvider.GetUtcNow();
        lock (_lock)
        {
            Turn();
            while (_recent.TryPeek(out var oldest) && now - oldest >= s_window) _recent.Dequeue();
            if (_today >= options.DailyCalls) throw new Refusal("607", "Daily API Quota reached");
            if (_underWay >= options.ConcurrentCalls) throw new Refusal("615", $"Concurrent access limit '{options.ConcurrentCalls}' exceeded");
            if (_recent.Count >= options.CallsPer20Seconds)
                throw new Refusal("606", $"Max rate limit '{options.CallsPer20Seconds}' exceeded with in '20' secs");
            if (options.CallsPer20Seconds is not null) _recent.Enqueue(now);
            _today++;
            _underWay++;
        }
    }

    /// <summary>The calls of the last days that had any, of seven at most, today among them.</summary>
    public IReadOnlyList<(DateTime Day, int Calls)> Week
    {
        get
        {
            lock (_lock)
            {
                Turn();
                return [.. _earlier.Where(day => day.Key > _day.AddDays(-7)).Select(day => (day.Key, day.Value)).Append((_day, _today)).OrderBy(day => day.Item1)];
            }
        }
    }

    /// <summary>How often each error came on a day.</summary>
    public IReadOnlyList<(string Code, int Count)> ErrorsOf(DateTime day)
    {
        lock (_lock) return [.. _errors.Where(error => error.Key.Day == day).Select(error => (error.Key.Code, error.Value)).OrderBy(error => error.Code, StringComparer.Ordinal)];
    }

    /// <summary>Notes an error that a call was answered with.</summary>
    public void Note(string code)
    {
        lock (_lock)
        {
            Turn();
            _errors[(_day, code)] = _errors.GetValueOrDefault((_day, code)) + 1;
        }
    }

    public void Leave()
    {
        lock (_lock) _underWay--;
    }

    private void Turn()
    {
        var day = TimeZoneInfo.ConvertTime(options.TimeProvider.GetUtcNow(), s_central).Date;
        if (day == _day) return;
        if (_day != default) _earlier[_day] = _today;
        _day = day;
        _today = 0;
    }
}
