using System.Globalization;
using System.Security;
using System.Xml;

namespace SegmentPush.Schedules;

/// <summary>A task as Windows' Task Scheduler reads it.</summary>
internal static class TaskXml
{
    /// <summary>Folder of the product's tasks.</summary>
    public const string TaskPath = @"\SegmentPush\";

    /// <summary>Writes it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="command">What it starts.</param>
    /// <param name="user">The user that it runs as.</param>
    /// <param name="hasPassword">Whether Windows gets the user's password, or has it, as that of a managed service account.</param>
    /// <param name="today">The day from which it holds.</param>
    /// <remarks>A first push of millions of people takes longer than the three days that Windows permits by itself, so there is no limit.</remarks>
    public static string Write(SegmentPushTask task, TaskCommand command, string user, bool hasPassword, DateOnly today) =>
        $"""
        <?xml version="1.0" encoding="UTF-16"?>
        <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
          <RegistrationInfo>
            <Description>Pushes {Text(string.Join(", ", task.Destination))} where they are due (SegmentPush).</Description>
            <URI>{Text(TaskPath + task.Name)}</URI>
          </RegistrationInfo>
          <Triggers>
            <CalendarTrigger>
              <Enabled>true</Enabled>
              <StartBoundary>{today.ToDateTime(task.At).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}</StartBoundary>{Repetition(task)}
              <ScheduleByDay>
                <DaysInterval>1</DaysInterval>
              </ScheduleByDay>
            </CalendarTrigger>
          </Triggers>
          <Principals>
            <Principal id="Author">
              <UserId>{Text(user)}</UserId>
              <LogonType>{(hasPassword ? "Password" : "S4U")}</LogonType>
              <RunLevel>LeastPrivilege</RunLevel>
            </Principal>
          </Principals>
          <Settings>
            <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
            <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
            <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
            <StartWhenAvailable>true</StartWhenAvailable>
            <Enabled>true</Enabled>
            <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
          </Settings>
          <Actions Context="Author">
            <Exec>
              <Command>{Text(command.Program)}</Command>
              <Arguments>{Text(command.ToWindows())}</Arguments>
            </Exec>
          </Actions>
        </Task>

        """.ReplaceLineEndings("\n");

    private static string Repetition(SegmentPushTask task) => task.Every is not { } every ? string.Empty :
        $"""

              <Repetition>
                <Interval>{XmlConvert.ToString(every)}</Interval>
                <Duration>P1D</Duration>
                <StopAtDurationEnd>false</StopAtDurationEnd>
              </Repetition>
        """;

    private static string Text(string text) => SecurityElement.Escape(text)!;
}
