namespace SegmentPush.Simulation.Faults;

/// <summary>Thrown by every seam of a process that was killed: a dead process touches nothing any more.</summary>
internal sealed class ProcessStoppedException() : Exception("The simulated process was killed.");
