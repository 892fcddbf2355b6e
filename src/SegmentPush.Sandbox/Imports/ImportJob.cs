namespace SegmentPush.Sandbox.Imports;

/// <summary>One imported file and what has become of it.</summary>
internal sealed class ImportJob(int id, ImportFile file, int? listId, int partitionId)
{
    public int Id => id;

    public ImportFile File => file;

    public int? ListId => listId;

    public int PartitionId => partitionId;

    public string Status { get; set; } = "Queued";

    public string Message { get; set; } = "";

    public int Processed { get; set; }

    public List<(string[] Row, string Reason)> Failures { get; } = [];

    public List<(string[] Row, string Reason)> Warnings { get; } = [];

    public bool IsOver => Status is "Complete" or "Failed";
}
