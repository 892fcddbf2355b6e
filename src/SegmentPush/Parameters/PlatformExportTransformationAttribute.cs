using System.Management.Automation;
using SegmentPush.Platform;

namespace SegmentPush.Parameters;

/// <summary>Lets an export be given as an object or by its id.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlatformExportTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PlainItems.Map(inputData, item => item switch
    {
        PlatformExport export => export.BatchId ?? export.JobId,
        _ => item,
    });
}

/// <summary>Lets an audience be given as an object, by its name, by its id, or by a row of a table with one of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AudienceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PlainItems.Map(inputData, item => item switch
    {
        PlatformAudience audience => audience.Id,
        PSObject row => row.Properties["Id"]?.Value ?? row.Properties["Name"]?.Value ?? row,
        _ => item,
    });
}

/// <summary>Looks into what PowerShell wraps.</summary>
internal static class PlainItems
{
    /// <summary>One item or each item of a list, unwrapped and mapped.</summary>
    public static object? Map(object? input, Func<object?, object?> map)
    {
        object? data = Plain(input);
        return data is object[] items ? items.Select(item => map(Plain(item))).ToArray() : map(data);
    }

    private static object? Plain(object? value) => value is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : value;
}
