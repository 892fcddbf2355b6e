using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SegmentPush.Completion;

/// <summary>
/// What all completers have in common: they offer what begins with the word, quote it where need be, and never fail. They must not wait
/// for a network, and they make nothing on disk.
/// </summary>
public abstract class Completer : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var line = new CompletionLine(commandName, parameterName, CompletionText.Read(wordToComplete), commandAst, fakeBoundParameters);
            return [.. Offer(line).DistinctBy(candidate => candidate.Text).Where(candidate => line.IsBegun(candidate.Text)).Select(candidate => candidate.ToResult())];
        }
        catch (Exception)
        {
            // The Tab key must do nothing rather than print an error into the line that is typed.
            return [];
        }
    }

    /// <summary>All that may stand there.</summary>
    private protected abstract IEnumerable<Candidate> Offer(CompletionLine line);
}

/// <summary>Something that a completer offers.</summary>
/// <param name="Text">The argument, without quotes.</param>
/// <param name="ToolTip">What it is.</param>
/// <param name="Label">How a menu shows it; null for as it is.</param>
/// <param name="IsCode">Whether it is an expression, which has no quotes.</param>
internal sealed record Candidate(string Text, string ToolTip, string? Label = null, bool IsCode = false)
{
    public CompletionResult ToResult() => new(
        IsCode ? Text : CompletionText.Quote(Text), Label ?? Text, CompletionResultType.ParameterValue, string.IsNullOrWhiteSpace(ToolTip) ? Text : ToolTip);
}
