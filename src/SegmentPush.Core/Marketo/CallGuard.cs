namespace SegmentPush.Marketo;

/// <summary>
/// A check before each call of one piece of work, and who is told of its changes. Connections are shared, so both belong to the flow of the work and not to
/// the connection: the calls of another push that runs at the same time are none of their business.
/// </summary>
internal static class CallGuard
{
    private static readonly AsyncLocal<Action?> s_check = new(), s_lastCheck = new();
    private static readonly AsyncLocal<IChangeWatch?> s_watch = new();

    /// <summary>Who is told of the changes that the current flow makes; null for nobody.</summary>
    public static IChangeWatch? Watch => s_watch.Value;

    /// <summary>Has checks run before each call that the current flow makes from now on. A check throws to prevent the call.</summary>
    /// <param name="check">Runs before the call is noted as sent.</param>
    /// <param name="last">Runs after that, at the last moment.</param>
    public static void Use(Action? check, Action? last = null) => (s_check.Value, s_lastCheck.Value) = (check, last);

    /// <summary>Says who is told of each change that the current flow makes from now on.</summary>
    public static void TellChanges(IChangeWatch watch) => s_watch.Value = watch;

    /// <summary>Runs the check that belongs to the last moment before a call.</summary>
    public static void CheckLast() => s_lastCheck.Value?.Invoke();

    /// <summary>Runs the check of the current flow.</summary>
    public static void Check() => s_check.Value?.Invoke();
}
