using System.Management.Automation;
using System.Management.Automation.Host;

namespace SegmentPush.Streams;

/// <summary>The doors to the streams of a cmdlet. What goes through them is in the language of the user.</summary>
internal static class CmdletTexts
{
    /// <summary>Warns.</summary>
    public static void Warn(this Cmdlet cmdlet, MessageText text) => GoOn(cmdlet, () => cmdlet.WriteWarning(text.ToString()));

    /// <summary>Tells what -Verbose shows.</summary>
    public static void Tell(this Cmdlet cmdlet, MessageText text) => GoOn(cmdlet, () => cmdlet.WriteVerbose(text.ToString()));

    /// <summary>Tells what -InformationAction shows.</summary>
    public static void Inform(this Cmdlet cmdlet, MessageText text, string[] tags) => cmdlet.WriteInformation(text.ToString(), tags);

    /// <summary>A line of progress.</summary>
    /// <param name="id">Which line.</param>
    /// <param name="activity">What is going on.</param>
    /// <param name="status">How far it has come.</param>
    public static ProgressRecord Progress(int id, MessageText activity, MessageText status) => new(id, activity.ToString(), status.ToString());

    /// <summary>What an error record says.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="action">What to do; null where the message says all.</param>
    public static ErrorDetails Details(MessageText message, MessageText? action) => new(message.ToString()) { RecommendedAction = action?.ToString() ?? string.Empty };

    // With -Debug, PowerShell asks behind each text of a compiled cmdlet whether to go on. Where nobody can answer, that question must not end a push; the text is out by then.
    private static void GoOn(Cmdlet cmdlet, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (cmdlet is PSCmdlet asked && asked.MyInvocation.BoundParameters.ContainsKey("Debug") && CannotAsk(e))
        {
        }
    }

    /// <summary>Whether a question failed because nobody can answer in this session.</summary>
    /// <remarks>The console of PowerShell reads past the end of its input, as cron gives it, with the last of these.</remarks>
    public static bool CannotAsk(Exception e) => e is HostException or PSInvalidOperationException or NotImplementedException or NullReferenceException;
}
