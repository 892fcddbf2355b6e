namespace SegmentPush.Mappings;

/// <summary>What a push does with a mapping.</summary>
/// <param name="Values">How values are read.</param>
/// <param name="Creates">Whether people may be created. Nobody is created with an odd address.</param>
/// <param name="Sends">Whether a field is sent for anybody; only what is sent is read and checked.</param>
internal sealed record MappingUse(ValueRules Values, bool Creates, Func<TargetField, bool> Sends)
{
    /// <summary>A push that creates people with all of their fields.</summary>
    public static MappingUse SendingAll { get; } = new(ValueRules.Default, Creates: true, _ => true);
}
