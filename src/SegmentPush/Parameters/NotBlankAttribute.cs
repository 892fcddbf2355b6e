using System.Collections;
using System.Management.Automation;

namespace SegmentPush.Parameters;

/// <summary>
/// Marks a parameter that means nothing without a value. The cmdlet refuses null, an empty text and an empty list by an error of its own, which says what to
/// do; PowerShell's validation would not.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotBlankAttribute : Attribute
{
    /// <summary>Whether there is no value, or one of several is none.</summary>
    internal static bool IsBlank(object? value) => (value is PSObject { BaseObject: var inner } ? inner : value) switch
    {
        null or "" => true,
        ICollection { Count: 0 } => true,
        IList several => several.Cast<object?>().Any(item => item is null or ""),
        _ => false,
    };
}
