using SegmentPush.Journal;
using SegmentPush.Journal.Sqlite;

namespace SegmentPush.Core.Tests.Journal;

/// <summary>A journal in a folder is of one machine, so its folder lies on a disk of that machine.</summary>
public sealed class NetworkDriveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_on_a_network_drive_is_refused_with_a_way_out_and_nothing_is_made_there()
    {
        string folder = _folder.File("journal");
        var host = new ProcessHost { NetworkFormatOf = path => path == folder ? "nfs4" : null };

        var error = Assert.Throws<SegmentPushException>(() => PushJournal.Open(JournalAddress.Of(folder), host));

        Assert.Equal("JournalOnNetworkDrive", error.ErrorId);
        Assert.Contains("Initialize-PushJournal", error.RecommendedAction, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_folder_of_this_machine_is_none_whether_it_is_there_or_not() => Assert.Null(NetworkDrive.FormatOf(_folder.File("not/there/yet")));

    [Theory]
    [InlineData("nfs4", true)]
    [InlineData("cifs", true)]
    [InlineData("fuse.sshfs", true)]
    [InlineData("ext4", false)]
    [InlineData("overlay", false)]
    [InlineData("tmpfs", false)]
    [InlineData("fuseblk", false)]
    public void File_systems_that_several_machines_reach_are_known(string format, bool isNetwork) => Assert.Equal(isNetwork, NetworkDrive.IsNetwork(format));
}
