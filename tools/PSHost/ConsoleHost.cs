using System.Globalization;
using System.Management.Automation.Host;

namespace SegmentPush.PSHost;

/// <summary>The console as PowerShell sees it.</summary>
internal sealed class ConsoleHost : System.Management.Automation.Host.PSHost
{
    private readonly ConsoleUI _ui = new();

    /// <summary>What a script gave to <c>exit</c>; null where it did not.</summary>
    public int? ExitCode { get; private set; }

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "PSHost";

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => _ui;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("PSHost has no prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("PSHost has no prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
