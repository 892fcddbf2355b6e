using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Segments;

namespace SegmentPush.Pushes.Audiences;

/// <summary>
/// Brings an audience onto this machine for a push. Each step is in the journal before the next one begins, so that a push that is killed goes on
/// where it was, and never has a second export made.
/// </summary>
/// <param name="source">The audience.</param>
/// <param name="log">The export in the journal.</param>
/// <param name="progress">Is told how far it has come; from any thread.</param>
internal sealed class AudienceFetch(AudienceSource source, AudienceExportLog log, Action<ExportProgress> progress)
{
    private const long ManyBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Fetches the audience.</summary>
    /// <exception cref="SegmentPushException">The export is refused or fails, or a file can't be read as a segment.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var export = MakeExport();
        var known = log.Find();
        string job = known?.JobId ?? await StartAsync(export, known, cancellation).ConfigureAwait(false);
        var files = known?.Files ?? await AwaitAsync(export, job, cancellation).ConfigureAwait(false);
        var opened = await FetchWholeAsync(export, files, cancellation).ConfigureAwait(false);
        source.Take(opened, await export.CountAsync(job, known?.BatchId, cancellation).ConfigureAwait(false), path => Damage(files, path));
    }

    // What came damaged once is fetched once more.
    private async Task<IReadOnlyList<FileSource>> FetchWholeAsync(IAudienceExport export, IReadOnlyList<AudienceFileEntry> files, CancellationToken cancellation)
    {
        await FetchAsync(export, files, cancellation).ConfigureAwait(false);
        try
        {
            return Open(files, cancellation);
        }
        catch (PlatformException damaged) when (damaged.ErrorId == "PlatformFileIncomplete")
        {
            await FetchAsync(export, files, cancellation).ConfigureAwait(false);
            return Open(files, cancellation);
        }
    }

    private IAudienceExport MakeExport()
    {
        var request = source.Request;
        var options = new AudienceExportOptions(request.Audience, request.Fields) { SkipPolicyCheck = request.SkipPolicyCheck, Progress = progress };
        if (PollInterval.FromEnvironment() is { } first) options = options with { FirstPoll = first };
        return request.Through is { } dataflow
            ? new DestinationExport(source.Connection, options, dataflow)
            : new AudienceExport(source.Connection, options);
    }

    private async Task<string> StartAsync(IAudienceExport export, AudienceExportEntry? known, CancellationToken cancellation)
    {
        var start = known is null ? await export.PrepareAsync(cancellation).ConfigureAwait(false) : new ExportStart(known.DatasetId, known.Asked);
        if (known is null)
            log.Begin(new AudienceExportEntry(source.Request.Id, start.DatasetId, string.Join(',', source.Request.Fields), start.Since));

        // Two pushes that look for a job of each other at once would both make one.
        using var turn = await TakeTurnAsync(cancellation).ConfigureAwait(false);
        string job = await export.StartAsync(start with { Others = log.GetJobsOfOthers() }, mayBeMade: known is not null, cancellation).ConfigureAwait(false);
        log.SetJob(job);
        return job;
    }

    private async Task<IDisposable> TakeTurnAsync(CancellationToken cancellation)
    {
        string subject = $"export {source.Request.OrganizationId} {source.Request.SandboxName} {source.Request.Id}";
        while (true)
        {
            if (log.TryTakeTurn(subject) is { } turn) return turn;
            await Task.Delay(s_lookAgain, source.Connection.Time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<AudienceFileEntry>> AwaitAsync(IAudienceExport export, string job, CancellationToken cancellation)
    {
        var listed = await export.AwaitAsync(job, log.SetBatch, cancellation).ConfigureAwait(false);
        AudienceFileEntry[] files = [.. listed.Zip(AudienceFileNames.Of(listed))
            .Select((pair, number) => new AudienceFileEntry(number, pair.First.FileId, pair.First.Name, pair.First.Length, pair.Second))];
        log.SetFiles(files);
        return files;
    }

    // A file appears in the folder whole, or not at all; what was being fetched when a process was killed is fetched again.
    private async Task FetchAsync(IAudienceExport export, IReadOnlyList<AudienceFileEntry> files, CancellationToken cancellation)
    {
        MakeFolder(files);
        AudienceFileEntry[] missing = [.. files.Where(file => !File.Exists(PathOf(file)))];
        await export.FetchAsync(
            [.. missing.Select(file => (new BatchFile(file.FileId, file.Name, file.Length), PathOf(file)))],
            number => log.SetFetched(missing[number].Number),
            cancellation).ConfigureAwait(false);

        // The buffers of the answers would else lie beside what the push needs.
        if (missing.Sum(file => file.Length) > ManyBytes) Garbage.GiveBack();
    }

    private void MakeFolder(IReadOnlyList<AudienceFileEntry> files)
    {
        try
        {
            PrivateFile.CreateFolder(source.Spool);
            var names = files.Select(file => file.SpoolName).ToHashSet(StringComparer.Ordinal);
            foreach (string part in Directory.EnumerateFiles(source.Spool).Where(path => !names.Contains(Path.GetFileName(path)))) File.Delete(part);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException(
                "SpoolNotWritable",
                $"The folder '{source.Spool}' for the files of the audience can't be written: {e.Message}",
                "Make room there and give this user write permission, or set SEGMENTPUSH_HOME to another folder.",
                source.Spool,
                e);
        }
    }

    // The form is settled once, with the hash of the bytes: a resumed push reads the same rows. Damaged files are deleted, so that they are fetched again.
    private List<FileSource> Open(IReadOnlyList<AudienceFileEntry> files, CancellationToken cancellation)
    {
        var opened = new List<FileSource>();
        PlatformException? damage = null;
        try
        {
            foreach (var file in files.Where(file => !Segments.Exports.ExportManifest.IsName(file.SpoolName)))
            {
                try
                {
                    opened.Add(Open(file, cancellation));
                }
                catch (PlatformException damaged)
                {
                    damage ??= damaged;
                    File.Delete(PathOf(file));
                }
            }

            return damage is null ? opened : throw damage;
        }
        catch
        {
            foreach (var file in opened) file.Dispose();
            throw;
        }
    }

    private FileSource Open(AudienceFileEntry file, CancellationToken cancellation)
    {
        var opened = new ExportedFile(file.Name, PathOf(file)).Open(
            path => file.Form is { } form ? SavedForm.Parse(form).Open(path, cancellation) : FileSource.Open(path, Form, cancellation));
        if (file.Form is null) log.SetForm(file.Number, SavedForm.Of(opened).ToText());
        return opened;
    }

    // No row of it has counted, and it is fetched again: what is known of its content must not hold.
    private ExportedFile Damage(IReadOnlyList<AudienceFileEntry> files, string path)
    {
        var file = files.First(file => PathOf(file) == path);
        log.SetForm(file.Number, null);
        return new ExportedFile(file.Name, path);
    }

    private FormOptions Form => source.Request.Form is not { } form ? new FormOptions { MayBeEmpty = true } : new FormOptions
    {
        Encoding = form.Encoding,
        Delimiter = form.Delimiter,
        Escape = form.Escape,
        NullText = form.NullText.Count == 0 ? null : form.NullText,
        MayBeEmpty = true,
    };

    private string PathOf(AudienceFileEntry file) => Path.Combine(source.Spool, file.SpoolName);
}
