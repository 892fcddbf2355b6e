// Runs a script with the SegmentPush module imported, where there is no pwsh: PSHost <script> [arguments]
// The engine is the true one, with its core cmdlets only: no Import-Csv, Select-Object, Format-Table and the like.
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using SegmentPush.PSHost;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: PSHost <script> [arguments]");
    return 2;
}

string script = Path.GetFullPath(args[0]);
if (!File.Exists(script))
{
    Console.Error.WriteLine($"There is no script '{script}'.");
    return 2;
}

Console.Error.WriteLine("PSHost: PowerShell's engine with its core cmdlets only. For all of PowerShell, import artifacts/SegmentPush in pwsh 7.6 or later.");
string manifest = typeof(ConsoleHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ModuleManifest").Value!;
var state = InitialSessionState.CreateDefault2();
state.ThrowOnRunspaceOpenError = true;
state.ImportPSModule(manifest);
if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;

var host = new ConsoleHost();
using var runspace = RunspaceFactory.CreateRunspace(host, state);
runspace.Open();
runspace.SessionStateProxy.Path.SetLocation(Environment.CurrentDirectory);

using var run = PowerShell.Create(runspace);
run.AddCommand(script);
foreach (string argument in args.Skip(1)) run.AddArgument(argument);
run.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
run.AddCommand("Out-Default");
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    run.BeginStop(null, null);
};

try
{
    run.Invoke();
    return host.ExitCode ?? (run.HadErrors ? 1 : 0);
}
catch (PipelineStoppedException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (RuntimeException error)
{
    using var show = PowerShell.Create(runspace);
    show.AddCommand("Out-Default").Invoke(new[] { error.ErrorRecord });
    return 1;
}
