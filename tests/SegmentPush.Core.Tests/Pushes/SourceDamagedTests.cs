using System.IO.Compression;
using System.Text;
using Apache.Arrow.Types;
using SegmentPush.Core.Tests.Segments.Nested;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A file that is written over in its place during the push ends the push as changed, also where what is then read of it is well formed.</summary>
public sealed class SourceDamagedTests
{
    private const int People = 900;

    public static TheoryData<string, string, int> Changes { get; } = new(
        from format in (string[])["csv", "gzip", "json", "parquet"]
        from change in (string[])["truncated", "emptied", "zeroed", "quoted", "shorter", "deleted"]
        from call in (int[])[3, 6]
        select (format, change, call));

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_file_that_is_written_over_during_its_push_is_told_as_changed(string format, string change, int call)
    {
        // A push does not wait for those who hear of its calls: they take long enough that the file is changed before the next one ends.
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(100) });
        it.Mapping = [new("email", "email", "Email"), new("firstName", "firstName")];
        it.Delivery = Delivery.Sync;
        it.RejectPath = Path.Combine(it.Folder, "rejected.csv");
        string path = await WriteAsync(it, format);
        int calls = 0;

        var status = await it.PushFileAsync(PersonCreation.MatchExistingAndCreateMissing, path, happened: e =>
        {
            if (e is CallFinished && ++calls == call) Change(path, change);
        });

        Assert.Equal((PushState.Failed, "SourceChanged"), (status.State, status.ErrorId));
        Assert.Equal("SourceChanged", it.Error!.ErrorId);
    }

    private static async Task<string> WriteAsync(PushFixture it, string format)
    {
        string path = Path.Combine(it.Folder, "segment." + format);
        var rows = Enumerable.Range(0, People).Select(i => (Email: i % 100 == 7 ? "nobody" : $"person{i}@example.com", Name: $"Ann{i}")).ToArray();
        string csv = "email,firstName\n" + string.Concat(rows.Select(row => $"{row.Email},\"{row.Name}\"\n"));
        switch (format)
        {
            case "gzip":
                await using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest)) await gzip.WriteAsync(Encoding.UTF8.GetBytes(csv));
                break;
            case "json":
                await File.WriteAllTextAsync(path, string.Concat(rows.Select(row => $$"""{"email":"{{row.Email}}","firstName":"{{row.Name}}"}""" + "\n")));
                break;
            case "parquet":
                ApacheParquet.Write(
                    path,
                    [ApacheParquet.Field("email", StringType.Default), ApacheParquet.Field("firstName", StringType.Default)],
                    rows.Select(row => new Dictionary<string, object?> { ["email"] = row.Email, ["firstName"] = row.Name }),
                    new ApacheOptions { RowsInGroup = 100 });
                break;
            default:
                await File.WriteAllTextAsync(path, csv);
                break;
        }

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        return path;
    }

    private static void Change(string path, string change)
    {
        if (change == "deleted")
        {
            File.Delete(path);
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        long length = file.Length;
        switch (change)
        {
            case "truncated":
                file.SetLength(length / 2);
                break;
            case "emptied":
                file.SetLength(0);
                break;
            case "zeroed":
                file.Write(new byte[length]);
                break;
            case "quoted":
                for (int i = 0; i < length; i++) file.WriteByte((byte)(i % 7 == 0 ? '\n' : i % 5 == 0 ? ',' : '"'));
                break;
            default:
                file.SetLength(length - 30);
                break;
        }
    }
}
