using System.Collections;
using System.Management.Automation;

namespace SegmentPush.Completion;

/// <summary>Lets outcomes be given by the sum that they count under: All, Activated, Excluded, Failed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutcomeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        return data is IList several ? several.Cast<object?>().SelectMany(Outcomes).ToArray() : data is string text && OutcomeGroups.Find(text) is { } group ? group : data;
    }

    private static IEnumerable<object?> Outcomes(object? item)
    {
        object? data = item is PSObject { BaseObject: var inner } ? inner : item;
        return data is string text && OutcomeGroups.Find(text) is { } group ? group.Cast<object?>() : [data];
    }
}

/// <summary>The sums that outcomes count under.</summary>
internal static class OutcomeGroups
{
    private static readonly Dictionary<string, PersonOutcome[]> s_groups = new(StringComparer.OrdinalIgnoreCase)
    {
        ["All"] = Enum.GetValues<PersonOutcome>(),
        ["Activated"] = [PersonOutcome.Added, PersonOutcome.AlreadyMember, PersonOutcome.Removed, PersonOutcome.NotMember],
        ["Excluded"] = [PersonOutcome.Unmatched, PersonOutcome.NoIdentity, PersonOutcome.NoConsent, PersonOutcome.Duplicate],
        ["Failed"] = [PersonOutcome.Rejected, PersonOutcome.NotDelivered],
    };

    /// <summary>The outcomes of a sum; null where it is none.</summary>
    public static PersonOutcome[]? Find(string name) => s_groups.GetValueOrDefault(name.Trim());
}
