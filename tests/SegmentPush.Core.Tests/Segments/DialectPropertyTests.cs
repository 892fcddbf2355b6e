using System.Text;
using CsCheck;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Segments;

/// <summary>A file that a program wrote by its rules is read by these rules, or refused; it is never read in another way.</summary>
public sealed class DialectPropertyTests : IDisposable
{
    private static readonly string[] s_hard = ["a\"b", "\\", "a\\", "C:\\b", "\"", "\"a\"", "it's", "\\\"", "a,\"b\"", "',\""];

    private static readonly Gen<string> s_cell = Gen.Frequency(
        (3, Gen.String[Gen.Char["ab,;\"\\' \n"], 0, 6]),
        (2, Gen.String[Gen.Char["abc"], 0, 5]),
        (1, Gen.OneOf([.. s_hard.Select(Gen.Const)])));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_Excel_are_read_as_they_were_meant() => Check("people.csv", rows => Write(rows, cell => Quoted(cell, cell.IndexOfAny([',', '"', '\n']) >= 0, "\"\"", "\\")));

    [Fact]
    public void Rows_with_all_cells_quoted_are_read_as_they_were_meant() => Check("people.csv", rows => Write(rows, cell => Quoted(cell, true, "\"\"", "\\")));

    [Fact]
    public void Rows_of_Spark_are_read_as_they_were_meant() => Check("people.csv", rows => Write(rows, cell => Quoted(cell, cell.IndexOfAny([',', '"', '\n']) >= 0, "\\\"", "\\\\")));

    [Fact]
    public void Rows_of_Experience_Platform_with_apostrophes_are_read_as_they_were_meant() => Check(
        "d_segment12341e18-abcd-49c2-836d-123c88e76c39.csv",
        rows => Write(rows, cell => cell.IndexOfAny([',', '"', '\n']) < 0 ? cell : "\"" + cell.Replace("'", "''", StringComparison.Ordinal).Replace("\"", "'\"", StringComparison.Ordinal) + "\""));

    // MySQL quotes nothing. Texts with quotes of their own could be quoted cells, so that these have none.
    [Fact]
    public void Rows_of_MySQL_are_read_as_they_were_meant() => Check("people.txt", rows => Write(
        rows,
        cell => cell.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\\n", StringComparison.Ordinal)), mayHaveQuotes: false);

    private static string Quoted(string cell, bool isQuoted, string quote, string backslash) =>
        isQuoted ? "\"" + cell.Replace("\\", backslash, StringComparison.Ordinal).Replace("\"", quote, StringComparison.Ordinal) + "\"" : cell;

    private static string Write(string[][] rows, Func<string, string> write) =>
        "email,first,last\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(write)) + "\n"));

    private void Check(string name, Func<string[][], string> write, bool mayHaveQuotes = true) => s_cell.Where(cell => mayHaveQuotes || !cell.Contains('"')).Array[3].Array[1, 5].Sample(
        rows =>
        {
            string[][] meant = [.. rows.Select((row, i) => (string[])[$"p{i}@x.com", .. row.Skip(1)])];
            string path = Path.Combine(_folder.Path, name);
            File.WriteAllText(path, write(meant), new UTF8Encoding(false));
            FileSource file;
            try
            {
                file = FileSource.Open(path, FormOptions.None);
            }
            catch (SegmentPushException e) when (e.ErrorId is "EscapeAmbiguous" or "DelimiterAmbiguous" or "SourceUnreadable" or "PreambleNotUnderstood" or "RowCutOff")
            {
                return;
            }

            using (file)
            using (var reader = file.OpenReader())
            {
                // A row that is rejected is not lost: it stands in the reject file.
                for (int i = 0; reader.Read(); i++)
                {
                    if (reader.Fault is not null) return;
                    string[] read = [.. Enumerable.Range(0, 3).Select(column => reader.GetValue(column).ToString())];
                    string[] expected = [.. meant[i].Select(cell => string.IsNullOrWhiteSpace(cell) ? "" : cell)];
                    if (!read.SequenceEqual(expected))
                        throw new InvalidOperationException($"{file.Form.Describe()}: read [{string.Join('|', read)}] for [{string.Join('|', expected)}] in <<{write(meant)}>>");
                }

                Assert.Equal(meant.Length, reader.Row);
            }
        },
        iter: 1_000,
        threads: 1);
}
