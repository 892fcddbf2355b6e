using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace SegmentPush.Cmdlet.Tests;

/// <summary>A PowerShell session of its own with the module imported and a journal of its own.</summary>
internal sealed class ModuleSession : IDisposable
{
    /// <summary>A mapping of the columns that <see cref="Write"/> and <see cref="People"/> make.</summary>
    public const string Mapping = "@{ email = 'email'; first = 'firstName'; last = 'lastName' }";

    private readonly Runspace _runspace;

    public ModuleSession(bool connected = true, string? home = null)
    {
        Folder = Directory.CreateTempSubdirectory("segmentpush-").FullName;
        Environment.SetEnvironmentVariable("SEGMENTPUSH_HOME", home ?? Path.Combine(Folder, "home"));
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule(Place.Manifest);
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        // Modules of whoever runs the tests are none of theirs, least of all their vaults.
        Environment.SetEnvironmentVariable("PSModulePath", Path.Combine(Folder, "modules"));
        _runspace.SessionStateProxy.Path.SetLocation(Folder);
        if (connected) Run("Connect-MarketoLaunchpoint -Sandbox -CallsPer20Seconds 100 -MaxConcurrency 10");
    }

    /// <summary>The current folder of the session.</summary>
    public string Folder { get; }

    /// <summary>Runs a script that must not fail.</summary>
    /// <param name="script">The script; <c>$input</c> holds the piped objects.</param>
    /// <param name="input">Objects to pipe.</param>
    public IReadOnlyList<PSObject> Run(string script, IEnumerable<object>? input = null)
    {
        var (output, error, _) = Try(script, input);
        Assert.True(error is null, error + Environment.NewLine + error?.ErrorDetails?.RecommendedAction);
        return output;
    }

    /// <summary>Runs a script that emits one object.</summary>
    public dynamic One(string script, IEnumerable<object>? input = null) => Assert.Single(Run(script, input));

    /// <summary>Runs a script that must fail, and returns its first error.</summary>
    public ErrorRecord Fail(string script, IEnumerable<object>? input = null)
    {
        var error = Try(script, input).Error;
        Assert.NotNull(error);
        return error;
    }

    /// <summary>Runs a script, whatever comes of it.</summary>
    public (IReadOnlyList<PSObject> Output, ErrorRecord? Error, PSDataStreams Streams) Try(string script, IEnumerable<object>? input = null)
    {
        using var shell = Shell(script);
        var output = new PSDataCollection<PSObject>();
        ErrorRecord? error = null;
        try
        {
            if (input is null) shell.Invoke(null, output);
            else shell.Invoke(input, output);
        }
        catch (RuntimeException e)
        {
            error = e.ErrorRecord;
        }

        return ([.. output], error ?? shell.Streams.Error.FirstOrDefault(), shell.Streams);
    }

    /// <summary>A script that can be started and stopped.</summary>
    public PowerShell Shell(string script) => PowerShell.Create(_runspace).AddScript(script, useLocalScope: true);

    /// <summary>Writes a file with a header and rows.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>People as Import-Csv would bring them.</summary>
    public static IEnumerable<object> People(int count, string domain = "example.com")
    {
        for (int i = 1; i <= count; i++)
        {
            var person = new PSObject();
            person.Properties.Add(new PSNoteProperty("email", $"person{i}@{domain}"));
            person.Properties.Add(new PSNoteProperty("first", $"First{i}"));
            person.Properties.Add(new PSNoteProperty("last", $"Last, \"{i}\""));
            yield return person;
        }
    }

    public void Dispose()
    {
        _runspace.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
