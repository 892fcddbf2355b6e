using System.Text;
using CsCheck;
using SegmentPush.Segments;
using SegmentPush.Segments.Delimited;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Core.Tests.Segments;

public sealed class SegmentPropertyTests : IDisposable
{
    // Characters that mean something to a delimited file or a spreadsheet, and some that mean nothing.
    private static readonly Gen<string> s_cell = Gen.OneOf(
        Gen.String[Gen.Char["aé\",;\t\n\r=+-@' #\u202E\u200B"], 0, 8],
        Gen.String[Gen.Char['!', '~'], 0, 12]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_is_written_is_read_again() =>
        (from columns in Gen.Int[1, 4] from rows in s_cell.Array[columns].Array[1, 6] select rows).Sample(
            rows =>
            {
                string path = _folder.File(Guid.NewGuid().ToString("N"));
                Write(path, rows);
                using var reader = FileSource.Open(path, new FormOptions { Delimiter = ',', Escape = CellEscape.Double, MayBeEmpty = true }).OpenReader();
                return rows.Where(row => !row.All(string.IsNullOrWhiteSpace))
                    .All(row => reader.Read() && reader.Fault is null && row.Select((cell, i) => reader.GetValue(i).SequenceEqual(string.IsNullOrWhiteSpace(cell) ? "" : cell)).All(same => same))
                    && !reader.Read();
            },
            iter: 500);

    [Fact]
    public void A_cell_comes_back_from_a_reject_file_as_it_was() => s_cell.Sample(
        cell => RejectColumns.TakeMarkOff(RejectColumns.NeedsMark(cell) ? "'" + cell : cell).SequenceEqual(cell), iter: 5000);

    [Fact]
    public void Any_file_is_read_to_its_end_or_refused_with_an_error_of_ours() =>
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.Char["a\",\n\r\u00C3\u00A9#"].Select(c => (byte)c).Array[0, 60]).Sample(
            bytes =>
            {
                string path = _folder.File(Guid.NewGuid().ToString("N"));
                File.WriteAllBytes(path, bytes);
                try
                {
                    using var reader = FileSource.Open(path, FormOptions.None).OpenReader();
                    int rows = 0;
                    while (reader.Read()) Assert.True(++rows <= bytes.Length);
                }
                catch (SegmentPushException)
                {
                    // A clear refusal.
                }
            },
            iter: 2000);

    private static void Write(string path, string[][] rows)
    {
        using var writer = new DelimitedFileWriter(path, ',', DelimitedFileWriter.Utf8);
        foreach (var row in rows.Prepend([.. rows[0].Select((_, i) => "column" + i)]))
        {
            foreach (string cell in row) writer.WriteCell(cell);
            writer.EndRow();
        }
    }
}
