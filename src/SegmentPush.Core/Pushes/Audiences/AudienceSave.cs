using System.Globalization;
using SegmentPush.Mappings;
using SegmentPush.Platform;
using SegmentPush.Segments;
using SegmentPush.Segments.Delimited;
using SegmentPush.Segments.Exports;

namespace SegmentPush.Pushes.Audiences;

/// <summary>Exports an audience into files of this machine.</summary>
/// <param name="export">The export.</param>
/// <param name="audience">The audience.</param>
internal sealed class AudienceSave(IAudienceExport export, PlatformAudience audience)
{
    private const string Parquet = ".parquet";

    private static readonly OutputKind s_file = new("export");

    /// <summary>Profiles that the platform says it has written, and that the files don't hold.</summary>
    public long Missing { get; private set; }

    /// <summary>Rows of the CSV file whose cells are all empty: readers of such files leave them out.</summary>
    public long BlankRows { get; private set; }

    /// <summary>
    /// Exports the audience into a folder, as the files that the platform wrote. All files appear, or none. The folder holds one export afterwards:
    /// a push of it would take the files of two for one segment.
    /// </summary>
    /// <param name="folder">The folder, which is made where it is missing.</param>
    /// <param name="mayReplace">Whether the files of an earlier export may be replaced.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Paths of the files.</returns>
    /// <exception cref="SegmentPushException">The export fails, or a file can't be written.</exception>
    public async Task<IReadOnlyList<string>> ToFolderAsync(string folder, bool mayReplace, CancellationToken cancellation)
    {
        MakeFolder(folder);
        CheckEmpty(folder, mayReplace);
        return await FetchAsync(folder, fetched =>
        {
            CheckEmpty(folder, mayReplace);
            OutputFile[] targets = [.. fetched.Select(file => OutputFile.At(Path.Combine(folder, file.Name), s_file))];
            foreach (var target in targets) target.CheckReplaces(mayReplace);
            string[] earlier = EarlierOf(folder);
            foreach (var (file, target) in fetched.Zip(targets)) File.Move(file.Path, target.Path, mayReplace);
            foreach (string file in earlier.Except(targets.Select(target => target.Path), StringComparer.OrdinalIgnoreCase)) Delete(file);
            return [.. targets.Select(target => target.Path)];
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Exports the audience into one CSV file, with a column for each field.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fields">Paths of the fields.</param>
    /// <param name="mayReplace">Whether a file that is there may be replaced.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">The export fails, a field is missing, a value has no place in a cell, or the file can't be written.</exception>
    public async Task ToCsvAsync(OutputFile file, IReadOnlyList<string> fields, bool mayReplace, CancellationToken cancellation)
    {
        file.CheckReplaces(mayReplace);
        file.CheckWritable();
        string folder = Path.GetDirectoryName(file.Path)!;
        MakeFolder(folder);
        await FetchAsync(folder, fetched =>
        {
            file.Write(mayReplace, path =>
            {
                using var writer = new DelimitedFileWriter(path, DelimitedFileWriter.Comma, DelimitedFileWriter.Utf8);
                foreach (string field in fields) writer.WriteCell(field);
                writer.EndRow();
                foreach (var part in fetched) WriteRows(writer, part.Path, fields, cancellation);
            });
            return [file.Path];
        }, cancellation).ConfigureAwait(false);
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw s_file.NotWritable(folder, MessageText.AsIs(e.Message), e);
        }
    }

    private async Task<IReadOnlyList<string>> FetchAsync(
        string folder, Func<IReadOnlyList<(string Name, string Path)>, IReadOnlyList<string>> use, CancellationToken cancellation)
    {
        var (job, files) = await export.RunAsync(cancellation).ConfigureAwait(false);
        using var spool = SaveSpool.MakeIn(folder);
        var targets = files.Zip(AudienceFileNames.Of(files)).Select(pair => (File: pair.First, Name: pair.Second, Path: Path.Combine(spool.Path, pair.Second))).ToArray();
        await export.FetchAsync([.. targets.Select(target => (target.File, target.Path))], _ => { }, cancellation).ConfigureAwait(false);
        long? held = targets.Aggregate<(BatchFile, string Name, string Path), long?>(0, (sum, target) => sum + RowsOf(target.Path, target.Name, cancellation));
        Missing = Math.Max(0, await export.CountAsync(job, null, cancellation).ConfigureAwait(false) - held ?? 0);
        return use([.. targets.Select(target => (target.Name, target.Path))]);
    }

    // A file that is damaged must not pass for an export. Null where its rows are not counted before they are read.
    private static long? RowsOf(string path, string name, CancellationToken cancellation)
    {
        if (ExportManifest.IsName(name)) return 0;
        using var source = FileSource.Open(path, new FormOptions { MayBeEmpty = true }, cancellation);
        return source.Form.Rows;
    }

    // Files of other kinds may be the user's own. The names of a destination's text files tell which export they are of.
    private static string[] EarlierOf(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(file => file.EndsWith(Parquet, StringComparison.OrdinalIgnoreCase))];

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw s_file.NotWritable(file, MessageText.AsIs(e.Message), e);
        }
    }

    private static void CheckEmpty(string folder, bool mayReplace)
    {
        if (mayReplace || EarlierOf(folder) is not { Length: > 0 } earlier) return;
        throw new SegmentPushException(
            "FileExists",
            $"The folder '{folder}' holds {Counted.Files(earlier.Length)} such as '{Path.GetFileName(earlier[0])}'. A push of the folder would take them for the same segment.",
            "Give another folder, or -Force, which replaces all Parquet files of the folder.",
            folder);
    }

    private static FileSource Open(string path, string name, CancellationToken cancellation) =>
        new ExportedFile(name, path).Open(at => FileSource.Open(at, new FormOptions { MayBeEmpty = true }, cancellation));

    private void WriteRows(DelimitedFileWriter writer, string path, IReadOnlyList<string> fields, CancellationToken cancellation)
    {
        using var source = Open(path, Path.GetFileName(path), cancellation);
        using var reader = source.OpenReader();
        int[] columns = [.. fields.Select(field => ColumnOf(reader, field))];

        // The platform may write people who have left. A row without the membership is of a person who is in.
        int membership = AudienceMembership.Of(audience).Find(reader.Columns, reader.FindColumn).Status;
        while (reader.Read(cancellation))
        {
            if (membership >= 0 && reader.Fault is null && SegmentMembership.Parse(reader.GetValue(membership)) == false) continue;
            if (reader.Fault is { } fault)
            {
                throw new SegmentPushException(
                    "ValueHasNoCell",
                    $"Row {reader.Row} of the export can't be written as CSV: {fault.Text}",
                    "Name a path that leads to one value, such as organizations[0], or save the Parquet files into a folder.");
            }

            bool isBlank = true;
            foreach (int column in columns)
            {
                var cell = column < 0 ? default : reader.GetValue(column);
                isBlank &= cell.IsWhiteSpace();
                writer.WriteCell(cell);
            }

            writer.EndRow();
            if (isBlank) BlankRows++;
        }
    }

    // A key of a map is missing where no profile has it.
    private static int ColumnOf(ISegmentReader reader, string field)
    {
        int column = reader.FindColumn(field);
        if (column >= 0 || AudienceFields.IsInMap(field)) return column;
        throw new SegmentPushException(
            "SourceColumnNotFound",
            $"The export has no field '{VisibleText.Of(field)}'.",
            "Check the path in the union schema (Profiles > Union schema) of Experience Platform.",
            field);
    }
}
