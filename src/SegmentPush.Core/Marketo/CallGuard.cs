namespace SegmentPush.Marketo;

/// <summary>
/// A check before each call of one piece of work. Connections are shared, so the check belongs to the flow of the work and not to the
/// connection: the calls of another push that runs at the same time are not checked by it.
/// </summary>
internal static class CallGuard
{
    private static readonly AsyncLocal<Action?> s_check = new();

    /// <summary>Has a check run before each call that the current flow makes from now on. The check throws to prevent the call.</summary>
    public static void Use(Action? check) => s_check.Value = check;

    /// <summary>Runs the check of the current flow.</summary>
    public static void Check() => s_check.Value?.Invoke();
}
