namespace SegmentPush.Benchmarks;

/// <summary>What one piece of work took.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Processor">Processor time of the process, in seconds.</param>
/// <param name="PeakMegabytes">Peak working set above that before the work.</param>
/// <param name="Calls">API calls.</param>
/// <param name="JournalBytes">How many bytes the journal takes afterwards.</param>
internal sealed record Measured(double Seconds, double Processor, double PeakMegabytes, long Calls, long JournalBytes = 0);
