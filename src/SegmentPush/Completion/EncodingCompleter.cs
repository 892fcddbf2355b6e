namespace SegmentPush.Completion;

/// <summary>Completes the names of encodings that <c>Import-Csv -Encoding</c> knows.</summary>
public sealed class EncodingCompleter : Completer
{
    private static readonly string[] s_names =
        ["ansi", "ascii", "bigendianunicode", "bigendianutf32", "oem", "unicode", "utf8", "utf8BOM", "utf8NoBOM", "utf32", "windows-1250", "windows-1252", "iso-8859-1"];

    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => s_names.Select(name => new Candidate(name, name));
}
