using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Marketo;
using SegmentPush.Parameters;

namespace SegmentPush.Commands;

/// <summary>Checks whether a connection can do what a push needs: token, proxy, clock, quota, permissions, and a list that can be written to.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MarketoLaunchpoint", DefaultParameterSetName = OfConnection)]
[OutputType(typeof(CheckResult))]
public sealed class TestMarketoLaunchpointCommand : MarketoCommand
{
    private const string OfConnection = "Connection";
    private const string OfAccount = "Account";

    private MarketoConnection? _opened;

    /// <summary>Name of a saved account that is connected with for the checks.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OfAccount, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string? Account { get; set; }

    /// <summary>The list that must be writable.</summary>
    [Parameter]
    [AllowEmptyString]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string? StaticList { get; set; }

    /// <summary>The connection; the session's default where none is given.</summary>
    [Parameter(ParameterSetName = OfConnection, ValueFromPipeline = true)]
    [LiveConnection]
    public MarketoConnection? Connection { get; set; }

    private protected override void Process()
    {
        var list = StaticList is null ? null : StaticListReference.Parse(StaticList);
        if (ParameterSetName == OfAccount && !TryOpen()) return;
        var connection = _opened ?? ConnectionOr(Connection);
        foreach (var result in Stream(connection, new LaunchpointChecks(connection).RunAsync(list, StopToken))) WriteObject(result);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _opened?.Dispose();
        base.Dispose(disposing);
    }

    // An account that does not connect is what the checks are for.
    private bool TryOpen()
    {
        _opened?.Dispose();
        _opened = null;
        try
        {
            _opened = AccountConnection.Open(this, Account!, StopToken);
            return true;
        }
        catch (SegmentPushException error) when (error.ErrorId != "AccountNotFound")
        {
            WriteObject(CheckResult.Of(Account!, "Token", error));
            return false;
        }
    }
}
