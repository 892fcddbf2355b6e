using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace SegmentPush.PSHost;

/// <summary>Writes to the console: output to standard output, all else to standard error. It asks nothing.</summary>
internal sealed class ConsoleUI : PSHostUserInterface
{
    private readonly ConsoleSize _size = new();
    private bool _showsProgress;

    public override PSHostRawUserInterface RawUI => _size;

    public override void Write(string value) => Console.Out.Write(Plain(value));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Console.Out.WriteLine(Plain(value));

    public override void WriteErrorLine(string value) => Console.Error.WriteLine(value);

    public override void WriteWarningLine(string message) => Console.Error.WriteLine("WARNING: " + message);

    public override void WriteVerboseLine(string message) => Console.Error.WriteLine("VERBOSE: " + message);

    public override void WriteDebugLine(string message) => Console.Error.WriteLine("DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (Console.IsErrorRedirected) return;
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (_showsProgress) Console.Error.Write("\r\u001b[K");
            _showsProgress = false;
            return;
        }

        string text = $"{record.Activity}: {record.StatusDescription}";
        int width = Math.Max(20, _size.BufferSize.Width - 1);
        Console.Error.Write("\r\u001b[K" + (text.Length > width ? text[..width] : text));
        _showsProgress = true;
    }

    public override string ReadLine() => throw NotInteractive();

    public override SecureString ReadLineAsSecureString() => throw NotInteractive();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NotInteractive();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NotInteractive();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NotInteractive();

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw NotInteractive();

    // A file or a pipe gets the text without colours.
    private static string Plain(string value) =>
        Console.IsOutputRedirected ? new StringDecorated(value).ToString(OutputRendering.PlainText) : value;

    private static PSInvalidOperationException NotInteractive() => new("PSHost asks nothing: give every parameter in the script.");
}
