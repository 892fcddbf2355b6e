using System.Management.Automation.Language;

namespace SegmentPush.Completion;

/// <summary>Words of a command line, with and without quotes.</summary>
internal static class CompletionText
{
    // PowerShell takes curly quotes for straight ones.
    private const string SingleQuotes = "'\u2018\u2019\u201a\u201b", DoubleQuotes = "\"\u201c\u201d\u201e";

    /// <summary>What a word that is being typed says, without its quotes.</summary>
    public static string Read(string word)
    {
        if (word.Length == 0) return word;
        if (SingleQuotes.Contains(word[0], StringComparison.Ordinal)) return Inside(word, SingleQuotes);
        return DoubleQuotes.Contains(word[0], StringComparison.Ordinal) ? Inside(word, DoubleQuotes).Replace("`", "", StringComparison.Ordinal) : word;
    }

    /// <summary>A text as an argument: in quotes, unless it is a plain word that PowerShell can't take for a number or something else.</summary>
    public static string Quote(string text)
    {
        bool isWord = text.Length > 0 && text.All(char.IsLetterOrDigit) && (char.IsLetter(text[0]) || (text[0] != '0' && text.All(char.IsAsciiDigit)));
        return isWord ? text : Literal(text);
    }

    /// <summary>A text as a value of a script, where a plain word would be a command.</summary>
    public static string Literal(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    // A quote inside stands there twice; a single one at the end closes the word.
    private static string Inside(string word, string quotes)
    {
        var text = new System.Text.StringBuilder(word.Length);
        for (int i = 1; i < word.Length; i++)
        {
            if (quotes.Contains(word[i], StringComparison.Ordinal))
            {
                if (++i >= word.Length || !quotes.Contains(word[i], StringComparison.Ordinal)) break;
            }

            text.Append(word[i]);
        }

        return text.ToString();
    }
}
