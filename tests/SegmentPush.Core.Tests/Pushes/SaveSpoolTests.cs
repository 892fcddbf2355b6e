using SegmentPush.Pushes.Audiences;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What a killed export into a folder has left there holds data of people.</summary>
public sealed class SaveSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_killed_export_has_left_is_deleted_by_the_next_one()
    {
        string left = Leave(TimeSpan.FromHours(1));

        SaveSpool.MakeIn(_folder.Path).Dispose();

        Assert.False(Directory.Exists(left));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_another_export_uses_stays()
    {
        using var other = SaveSpool.MakeIn(_folder.Path);
        string file = Path.Combine(other.Path, "part-0");
        File.WriteAllText(file, "");
        Age(other.Path, TimeSpan.FromHours(1));

        SaveSpool.MakeIn(_folder.Path).Dispose();

        Assert.True(File.Exists(file));
    }

    [Fact]
    public void What_is_younger_than_ten_minutes_stays_where_a_file_system_may_have_no_locks()
    {
        string left = Leave(TimeSpan.FromMinutes(9));

        SaveSpool.MakeIn(_folder.Path).Dispose();

        Assert.True(Directory.Exists(left));
    }

    private string Leave(TimeSpan age)
    {
        string spool = Directory.CreateDirectory(Path.Combine(_folder.Path, ".segmentpush-left")).FullName;
        foreach (string name in new[] { ".lock", "part-0" }) File.WriteAllText(Path.Combine(spool, name), "");
        Age(spool, age);
        return spool;
    }

    private static void Age(string spool, TimeSpan age)
    {
        var then = DateTime.UtcNow - age;
        foreach (string file in Directory.EnumerateFiles(spool)) File.SetLastWriteTimeUtc(file, then);
        Directory.SetLastWriteTimeUtc(spool, then);
    }
}
