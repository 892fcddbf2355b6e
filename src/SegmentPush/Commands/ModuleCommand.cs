using System.Management.Automation;
using System.Reflection;
using SegmentPush.Journal;
using SegmentPush.Parameters;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>What all cmdlets of the module have in common: errors of one form, an end on Ctrl+C, the journal, and one rule for questions.</summary>
public abstract class ModuleCommand : PSCmdlet, IDisposable
{
    /// <summary>Id of the error where a question can't be answered.</summary>
    private protected const string NoAnswer = "ConfirmationNotPossible";

    // No parameter that may hold a secret or a person.
    private static readonly string[] s_subjects =
        ["Destination", "StaticList", "Id", "Name", "Audience", "Path", "LiteralPath", "Plan", "Account", "SaveAs", "MunchkinId", "Endpoint", "OrganizationId"];

    private readonly CancellationTokenSource _stop = new();

    // Made once: it runs for each of what may be millions of objects.
    private Action? _process;

    // Parameters that the pipeline may fill, and that mean nothing without a value.
    private string[]? _piped;

    /// <summary>Ends when the user stops the pipeline, or the cmdlet is disposed.</summary>
    private protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_stop.IsCancellationRequested) _stop.Cancel();
        Dispose(true);
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Run(() =>
    {
        CheckGiven();
        Begin();
    });

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(_process ??= ProcessNext);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Run(End);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Gives back what a cmdlet holds; <see cref="StopToken"/> has ended by then.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Emits a file as Get-ChildItem does, so that the table of files has its mode, owner and size.</summary>
    /// <param name="path">Its full path.</param>
    private protected void WriteFile(string path) => WriteObject(InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);

    /// <summary>The work before the first object of the pipeline.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>The work for each object of the pipeline.</summary>
    private protected virtual void Process()
    {
    }

    /// <summary>The work after the last object of the pipeline.</summary>
    private protected virtual void End()
    {
    }

    /// <summary>Does work on one of several things: its error does not stop the others.</summary>
    /// <param name="target">The thing, for the error.</param>
    /// <param name="work">The work.</param>
    private protected void RunEach(object? target, Action work)
    {
        try
        {
            work();
        }
        catch (SegmentPushException error) when (error.ErrorId != NoAnswer)
        {
            // An empty text names nothing; the error says which parameter it was.
            WriteError(ErrorRecords.From(error, target is "" ? null : target));
        }
    }

    /// <summary>Checks that parameters that were given have a value.</summary>
    /// <exception cref="SegmentPushException">One of them is null or empty (<c>ValueMissing</c>).</exception>
    private protected virtual void CheckGiven() => CheckGiven(MyInvocation.BoundParameters.Keys);

    /// <summary>The same for some of them.</summary>
    private protected void CheckGiven(IEnumerable<string> parameters)
    {
        if (parameters.FirstOrDefault(IsMissing) is { } name) throw ValueMissing(name);
    }

    /// <summary>Whether a parameter was given, be it with $null.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Ids of pushes as they were given; none where -Id was not given.</summary>
    /// <exception cref="SegmentPushException">The variable that they come from is empty (<c>IdMissing</c>).</exception>
    private protected string[] CheckedIds(string[]? ids) => ids is { Length: > 0 } || !IsGiven("Id") ? ids! : throw IdMissing("push", "Get-PushStatus shows the pushes with their ids.");

    /// <summary>The error where -Id holds nothing.</summary>
    /// <param name="thing">What the id would name.</param>
    /// <param name="where">The sentence that says where ids are shown.</param>
    private protected static SegmentPushException IdMissing(MessageText thing, MessageText where) => new(
        "IdMissing", $"-Id is null or empty, so it names no {thing}.", $"Check the variable that the id comes from. {where}", "Id");

    /// <summary>The pushes that -Id names. A text that names none, or several, fails alone.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="ids">Whole ids, or the last digits of them.</param>
    private protected List<Guid> FindIds(PushJournal journal, string[]? ids)
    {
        var found = new List<Guid>();
        foreach (string text in CheckedIds(ids))
        {
            if (string.IsNullOrWhiteSpace(text)) RunEach("Id", () => throw IdMissing("push", "Get-PushStatus shows the pushes with their ids."));
            else RunEach(text, () => found.Add(journal.History.FindId(text)));
        }

        return found;
    }

    /// <summary>The same, in a journal that is opened for it.</summary>
    private protected List<Guid> FindIds(string[]? ids, string? journalPath)
    {
        _ = CheckedIds(ids);
        using var journal = ReadJournal(journalPath);
        return FindIds(journal, ids);
    }

    /// <summary>A push of a journal.</summary>
    /// <exception cref="SegmentPushException">There is none with that id (<c>PushNotFound</c>).</exception>
    private protected PushStatus FindPush(Guid id, string? journalPath)
    {
        using var journal = PushJournal.OpenToRead(JournalOf(journalPath));
        return journal.History.Get(id);
    }

    /// <summary>Asks before something that is hard to take back.</summary>
    /// <remarks>
    /// -WhatIf and -Confirm hold however they came: given, by a preference variable, or from a calling function. -Force leaves out only the
    /// question that comes by itself.
    /// </remarks>
    /// <param name="what">What is going to happen, without a full stop.</param>
    /// <param name="isForced">Whether the user gave -Force.</param>
    /// <param name="isWhatIf">Whether the answer is no because the user only wants to know.</param>
    /// <exception cref="SegmentPushException">Nobody can answer (<c>ConfirmationNotPossible</c>).</exception>
    private protected bool ApprovesHard(MessageText what, bool isForced, out bool isWhatIf) =>
        Approves(what, out isWhatIf) && (isForced || WasAsked() || Ask(() => ShouldContinue(MessageText.Say($"{what}?"), MessageText.Say("Confirm"))));

    /// <summary>Asks once before several things go that can't be had back. One thing that the user has named goes without a question.</summary>
    /// <remarks>-WhatIf, and -Confirm however it came, ask about each of them, so that this question is not asked.</remarks>
    /// <param name="count">How many things.</param>
    /// <param name="what">What is going to happen to them, without a full stop.</param>
    /// <param name="isForced">Whether the user gave -Force.</param>
    /// <exception cref="SegmentPushException">Nobody can answer (<c>ConfirmationNotPossible</c>).</exception>
    private protected bool ApprovesAll(int count, MessageText what, bool isForced) =>
        count <= 1 || isForced || IsWhatIf() || WasAsked() || Ask(() => ShouldContinue(MessageText.Say($"{what}?"), MessageText.Say("Confirm")));

    /// <summary>Tells what has gone, in one sentence.</summary>
    private protected void TellRemoved(MessageText what) => CmdletTexts.Inform(this, what, ["SegmentPush"]);

    /// <summary>Asks before something is changed, where the user wants to be asked.</summary>
    /// <param name="what">What is going to happen, without a full stop.</param>
    /// <param name="isWhatIf">Whether the answer is no because the user only wants to know.</param>
    /// <exception cref="SegmentPushException">Nobody can answer (<c>ConfirmationNotPossible</c>).</exception>
    private protected bool Approves(MessageText what, out bool isWhatIf)
    {
        var reason = ShouldProcessReason.None;
        bool approves = Ask(() => base.ShouldProcess(MessageText.Say($"{what}."), MessageText.Say($"{what}?"), MessageText.Say("Confirm"), out reason));
        isWhatIf = reason == ShouldProcessReason.WhatIf;
        return approves;
    }

    /// <summary>Asks before something is changed, where the user wants to be asked.</summary>
    /// <exception cref="SegmentPushException">Nobody can answer (<c>ConfirmationNotPossible</c>).</exception>
    internal bool ShouldProcess(MessageText target, MessageText action) => Ask(() => MessageLanguage.Current == MessageLanguage.English
        ? base.ShouldProcess(target.ToString(), action.ToString())

        // The sentence that PowerShell makes of the two has no translation.
        : base.ShouldProcess(MessageText.Say($"{action}: {target}."), MessageText.Say($"{action}: {target}?"), MessageText.Say("Confirm")));

    /// <summary>Warns.</summary>
    private protected void WriteWarning(MessageText text) => CmdletTexts.Warn(this, text);

    /// <summary>Tells what -Verbose shows.</summary>
    private protected void WriteVerbose(MessageText text) => CmdletTexts.Tell(this, text);

    /// <summary>Whether the user only wants to know what would happen, by a parameter or by a preference.</summary>
    private protected bool IsWhatIf() => IsGiven("WhatIf")
        ? LanguagePrimitives.IsTrue(MyInvocation.BoundParameters["WhatIf"])
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>The address of a journal as the core takes it: null for the user's own.</summary>
    /// <exception cref="SegmentPushException">The path leads nowhere, or out of the file system; or the address can't be used.</exception>
    private protected JournalAddress? JournalOf(string? text) => text switch
    {
        null => null,
        _ when JournalAddress.IsDatabase(text) => JournalAddress.Of(text),
        _ => JournalAddress.Of(FilePaths.Folder(SessionState, text)),
    };

    /// <summary>Opens a journal for reading. Where there is none, nothing is made, and it reads as empty.</summary>
    private protected PushJournal ReadJournal(string? text)
    {
        var address = JournalOf(text);
        if (address is { Exists: false }) WriteWarning($"There is no journal in '{address}'.");
        return PushJournal.OpenToRead(address);
    }

    // ShouldProcess asks by itself where the preference is Low or Medium; -Confirm:$false and None want no question.
    private bool WasAsked() => IsGiven("Confirm")
        || !LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact preference)
        || preference != ConfirmImpact.High;

    // What the cmdlet was called for, where its error names nothing: the first of these that was given, else the cmdlet itself.
    private object Subject() => s_subjects.Select(name => MyInvocation.BoundParameters.GetValueOrDefault(name)).FirstOrDefault(value => value is not null)
        ?? MyInvocation.MyCommand.Name;

    private bool IsMissing(string parameter) => MyInvocation.BoundParameters.TryGetValue(parameter, out object? value) && NotBlankAttribute.IsBlank(value)
        && GetType().GetProperty(parameter)?.IsDefined(typeof(NotBlankAttribute)) == true;

    private static SegmentPushException ValueMissing(string parameter) =>
        new("ValueMissing", $"-{parameter} is null or empty.", "Check the variable or the command that its value comes from.", parameter);

    // An object of the pipeline that lacks its name stops no other.
    private void ProcessNext()
    {
        _piped ??= MyInvocation.ExpectingInput ? [.. GetType().GetProperties().Where(IsPiped).Select(property => property.Name)] : [];
        if (_piped.Length > 0 && Array.Find(_piped, IsMissing) is { } name) WriteError(ErrorRecords.From(ValueMissing(name), name));
        else Process();
    }

    private static bool IsPiped(PropertyInfo property) => property.IsDefined(typeof(NotBlankAttribute))
        && property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.ValueFromPipeline || parameter.ValueFromPipelineByPropertyName);

    private static bool Ask(Func<bool> question)
    {
        try
        {
            return question();
        }
        catch (Exception e) when (CmdletTexts.CannotAsk(e))
        {
            throw new SegmentPushException(
                NoAnswer, "This needs an answer, and nobody can give one in this session.", "Give -Confirm:$false or, where the cmdlet has it, -Force; or run it where somebody can answer.", null, e);
        }
    }

    private void Run(Action work)
    {
        try
        {
            work();
        }
        catch (SegmentPushException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error, error.Target ?? Subject()));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception error) when (error is not OperationCanceledException && error.GetType().Assembly != typeof(PSCmdlet).Assembly)
        {
            ThrowTerminatingError(ErrorRecords.FromUnexpected(error));
        }
    }
}
