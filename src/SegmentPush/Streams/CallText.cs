using System.Globalization;
using SegmentPush.Marketo;

namespace SegmentPush.Streams;

/// <summary>Writes a call as one line of verbose text.</summary>
internal static class CallText
{
    public static string Of(CallReport call)
    {
        var culture = CultureInfo.InvariantCulture;
        string people = call.Records > 0 ? ", " + Counted.People(call.Records) : string.Empty;
        string attempt = call.Attempt > 1 ? string.Create(culture, $", attempt {call.Attempt}") : string.Empty;
        string wait = call.WaitBefore >= TimeSpan.FromMilliseconds(100)
            ? string.Create(culture, $", after waiting {call.WaitBefore.TotalSeconds:0.0} s")
            : string.Empty;
        string result = call.Succeeded
            ? "succeeded"
            : call.Codes.Count > 0 ? $"failed: {call.ErrorId} ({string.Join(", ", call.Codes)})" : $"failed: {call.ErrorId}";
        return string.Create(culture, $"{call.Call} {result} in {call.Duration.TotalMilliseconds:0} ms{people}{attempt}{wait}");
    }
}
