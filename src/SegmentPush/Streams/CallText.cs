using SegmentPush.Marketo;

namespace SegmentPush.Streams;

/// <summary>Writes a call as one line of verbose text.</summary>
internal static class CallText
{
    public static MessageText Of(CallReport call)
    {
        var text = call.Succeeded ? (MessageText)$"{call.Call} succeeded in {call.Duration.TotalMilliseconds:0} ms"
            : call.Codes.Count > 0 ? (MessageText)$"{call.Call} failed: {call.ErrorId} ({string.Join(", ", call.Codes)}) in {call.Duration.TotalMilliseconds:0} ms"
            : $"{call.Call} failed: {call.ErrorId} in {call.Duration.TotalMilliseconds:0} ms";
        if (call.Records > 0) text = $"{text}, {Counted.People(call.Records)}";
        if (call.Attempt > 1) text = $"{text}, attempt {call.Attempt}";
        return call.WaitBefore >= TimeSpan.FromMilliseconds(100) ? $"{text}, after waiting {call.WaitBefore.TotalSeconds:0.0} s" : text;
    }
}
