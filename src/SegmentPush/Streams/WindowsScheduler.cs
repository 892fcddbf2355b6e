using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Security;
using SegmentPush.Schedules;

namespace SegmentPush.Streams;

/// <summary>Hands tasks to Windows' Task Scheduler through its own cmdlets, and takes them back.</summary>
/// <param name="cmdlet">The cmdlet whose session runs them.</param>
internal sealed class WindowsScheduler(PSCmdlet cmdlet)
{
    /// <summary>Whether the session has the cmdlets of Task Scheduler.</summary>
    public bool IsThere => cmdlet.InvokeCommand.GetCommand("Register-ScheduledTask", CommandTypes.Cmdlet | CommandTypes.Function) is not null;

    /// <summary>Hands a task over, in the place of the one with its name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="xml">The task.</param>
    /// <param name="credential">The user that it runs as, with the password; null where it needs none.</param>
    /// <exception cref="SegmentPushException">Windows does not take it (<c>TaskNotRegistered</c>).</exception>
    public void Register(string name, string xml, PSCredential? credential) => Run(
        """
        param($Name, $Path, $Xml, $User, $Password)
        $as = if ($User) { @{ User = $User; Password = $Password } } else { @{} }
        Register-ScheduledTask -TaskName $Name -TaskPath $Path -Xml $Xml -Force @as -ErrorAction Stop
        """,
        name,
        TaskXml.TaskPath,
        xml,
        credential?.UserName,
        credential is null ? null : PlainOf(credential.Password));

    /// <summary>Whether Windows has a task.</summary>
    public bool Has(string name) => IsThere && Run(
        "param($Name, $Path) Get-ScheduledTask -TaskName $Name -TaskPath $Path -ErrorAction Ignore", name, TaskXml.TaskPath).Count > 0;

    /// <summary>Takes a task back.</summary>
    /// <exception cref="SegmentPushException">Windows does not give it back (<c>TaskNotRegistered</c>).</exception>
    public void Unregister(string name) => Run(
        "param($Name, $Path) Unregister-ScheduledTask -TaskName $Name -TaskPath $Path -Confirm:$false -ErrorAction Stop", name, TaskXml.TaskPath);

    private System.Collections.ObjectModel.Collection<PSObject> Run(string script, params object?[] arguments)
    {
        try
        {
            return cmdlet.InvokeCommand.InvokeScript(script, useNewScope: true, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, arguments);
        }
        catch (RuntimeException e)
        {
            throw new SegmentPushException(
                "TaskNotRegistered", $"Task Scheduler has refused: {e.Message}", "Look at what Task Scheduler says. A task with a password, and one of another user, needs a session of an administrator.", nameof(PushScheduler.TaskScheduler), e);
        }
    }

    // Task Scheduler's cmdlet takes the password as plain text and in no other form.
    private static string PlainOf(SecureString password)
    {
        nint copy = Marshal.SecureStringToGlobalAllocUnicode(password);
        try
        {
            return Marshal.PtrToStringUni(copy)!;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
        }
    }
}
