using System.Collections;
using System.Management.Automation;

namespace SegmentPush.Parameters;

/// <summary>Lets outcomes be given by the sum that they count under: All, Activated, Excluded, Failed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutcomeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? data = inputData is PSObject { BaseObject: var inner } ? inner : inputData;
        if (data is null) return null;
        return data is IList several ? several.Cast<object?>().SelectMany(Outcomes).ToArray() : Outcomes(data).ToArray();
    }

    private static IEnumerable<object?> Outcomes(object? item)
    {
        object? data = item is PSObject { BaseObject: var inner } ? inner : item;
        if (data is not string text) return [data];
        if (OutcomeGroups.Find(text) is { } group) return group.Cast<object?>();

        // PowerShell would name the outcomes alone. It takes the number of one, too, and several in one text.
        return text.Split(',').All(part => Enum.TryParse<PersonOutcome>(part, ignoreCase: true, out _)) ? [data]
            : throw new ArgumentTransformationMetadataException(
                MessageText.Say($"'{VisibleText.Of(text)}' is no outcome. Give some of {string.Join(", ", OutcomeGroups.Names.Concat(Enum.GetNames<PersonOutcome>()))}."));
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

    /// <summary>The names of the sums.</summary>
    public static IEnumerable<string> Names => s_groups.Keys;

    /// <summary>The outcomes of a sum; null where it is none.</summary>
    public static PersonOutcome[]? Find(string name) => s_groups.GetValueOrDefault(name.Trim());
}
