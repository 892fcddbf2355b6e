using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Faults;

/// <summary>A step at which a fault can meet a process.</summary>
/// <param name="Call">The call, or the last one that was answered before.</param>
/// <param name="Number">The number of the call among the calls of its kind by the process.</param>
/// <param name="Moment">Which step of it.</param>
/// <param name="Disk">The number of the disk step since the call was answered; 0 for others.</param>
internal readonly record struct Step(CallKind Call, int Number, Moment Moment, int Disk)
{
    public static Step Of(Fault fault) => new(fault.Call, fault.Number, fault.Moment, fault.Step);

    public override string ToString() => Disk == 0 ? $"{Call} {Number} {Moment}" : $"{Call} {Number} {Moment} {Disk}";
}
