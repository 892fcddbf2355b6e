using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SegmentPush.Platform;

/// <summary>
/// The pace that all processes of a user on this machine share. A place is a file that its process holds, so that the system frees it when the process ends,
/// however it ends. The moments of the last calls lie in one more file, which a process holds for as long as it takes to note its own. Where the files can't
/// be had, each process keeps to its own pace.
/// </summary>
internal sealed class SharedPace
{
    private const int MomentBytes = sizeof(long), PauseAt = PlatformPace.CallsPerSecond * MomentBytes;

    // A place that another process frees is not told; this is how often it is looked for.
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly string _path;
    private volatile bool _isUsable = true;

    /// <summary>Prepares to share.</summary>
    /// <param name="folder">The folder of the files; made where it is missing.</param>
    /// <param name="subject">What the pace is kept for.</param>
    /// <param name="time">The clock.</param>
    public SharedPace(string folder, string subject, TimeProvider time)
    {
        _time = time;
        _path = Path.Combine(folder, "pace-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..24]);
        Use(() =>
        {
            PrivateFile.CreateFolder(folder);
            return true;
        });
    }

    /// <summary>Waits until a call may be sent, which is to be sent at once then. The place is given back by disposing what is returned.</summary>
    /// <returns>Null where nothing is shared.</returns>
    public async ValueTask<IDisposable?> EnterAsync(CancellationToken cancellation)
    {
        while (_isUsable)
        {
            if (TryTakePlace() is not { } place)
            {
                await Task.Delay(s_lookAgain, _time, cancellation).ConfigureAwait(false);
                continue;
            }

            try
            {
                while (TimeToWait() is { } wait) await Task.Delay(wait, _time, cancellation).ConfigureAwait(false);
                return place;
            }
            catch
            {
                await place.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        return null;
    }

    /// <summary>Holds the calls of all back for a while.</summary>
    public async ValueTask PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        while (_isUsable && !TryPause(pause)) await Task.Delay(s_lookAgain, _time, cancellation).ConfigureAwait(false);
    }

    private FileStream? TryTakePlace()
    {
        for (int number = 1; number <= PlatformPace.MaxConcurrency && _isUsable; number++)
        {
            if (TryOpen($"{_path}-{number}.place") is { } place) return place;
        }

        return null;
    }

    // Null where the call may be sent now; then its moment is noted. What lies ahead was noted before the clock was put back, and means nothing.
    private TimeSpan? TimeToWait() => Use<TimeSpan?>(() =>
    {
        using var file = TryOpen(_path + ".calls");
        if (file is null) return s_lookAgain;
        Span<byte> moments = stackalloc byte[PauseAt + MomentBytes];
        Read(file, moments);
        long now = _time.GetUtcNow().UtcTicks;
        long pausedUntil = BinaryPrimitives.ReadInt64LittleEndian(moments[PauseAt..]);
        if (pausedUntil > now && pausedUntil <= now + PaceRules.LongestPause.Ticks) return TimeSpan.FromTicks(pausedUntil - now);
        int oldest = 0;
        long freeAt = long.MaxValue;
        for (int i = 0; i < PlatformPace.CallsPerSecond; i++)
        {
            long sent = BinaryPrimitives.ReadInt64LittleEndian(moments[(i * MomentBytes)..]);
            long free = sent > now || sent < 0 ? 0 : sent + PlatformPace.Window.Ticks;
            if (free < freeAt) (oldest, freeAt) = (i, free);
        }

        if (freeAt > now) return TimeSpan.FromTicks(freeAt - now) + TimeSpan.FromMilliseconds(1);
        BinaryPrimitives.WriteInt64LittleEndian(moments[(oldest * MomentBytes)..], now);
        Write(file, moments);
        return null;
    });

    private bool TryPause(TimeSpan pause) => Use(() =>
    {
        using var file = TryOpen(_path + ".calls");
        if (file is null) return false;
        Span<byte> moments = stackalloc byte[PauseAt + MomentBytes];
        Read(file, moments);
        long now = _time.GetUtcNow().UtcTicks, until = now + pause.Ticks, known = BinaryPrimitives.ReadInt64LittleEndian(moments[PauseAt..]);
        if (known > until && known <= now + PaceRules.LongestPause.Ticks) return true;
        BinaryPrimitives.WriteInt64LittleEndian(moments[PauseAt..], until);
        Write(file, moments);
        return true;
    });

    private static void Read(FileStream file, Span<byte> moments)
    {
        int read = file.ReadAtLeast(moments, moments.Length, throwOnEndOfStream: false);
        moments[read..].Clear();
    }

    private static void Write(FileStream file, ReadOnlySpan<byte> moments)
    {
        file.Position = 0;
        file.Write(moments);
    }

    private FileStream? TryOpen(string path) => Use<FileStream>(() =>
    {
        try
        {
            return PrivateFile.Open(path, FileMode.OpenOrCreate);
        }
        catch (IOException fault) when (FileHolding.IsHeldByAnother(fault))
        {
            return null;
        }
    });

    private T? Use<T>(Func<T?> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isUsable = false;
            return default;
        }
    }
}
