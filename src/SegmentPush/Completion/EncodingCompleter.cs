using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SegmentPush.Completion;

/// <summary>Completes the names of encodings that <c>Import-Csv -Encoding</c> knows.</summary>
public sealed class EncodingCompleter : IArgumentCompleter
{
    private static readonly string[] s_names =
        ["ansi", "ascii", "bigendianunicode", "bigendianutf32", "oem", "unicode", "utf8", "utf8BOM", "utf8NoBOM", "utf32", "windows-1250", "windows-1252", "iso-8859-1"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = wordToComplete.Trim('\'', '"');
        return s_names.Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Select(name => new CompletionResult(name));
    }
}
