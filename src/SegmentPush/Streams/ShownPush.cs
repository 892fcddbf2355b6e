using System.Management.Automation;
using SegmentPush.Journal;

namespace SegmentPush.Streams;

/// <summary>Chooses the view of a push: that of a journal that several machines share has a column for the machine.</summary>
internal static class ShownPush
{
    /// <summary>Name of the type that the view of a shared journal is for.</summary>
    private static readonly string s_shared = $"{typeof(PushStatus).FullName}#Shared";

    /// <summary>The push as a cmdlet emits it.</summary>
    public static object Of(PushStatus push)
    {
        if (push.Machine is null) return push;
        var shown = PSObject.AsPSObject(push);
        shown.TypeNames.Insert(0, s_shared);
        return shown;
    }
}
