using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Parameters;
using SegmentPush.Secrets;

namespace SegmentPush.Commands;

/// <summary>Removes saved accounts of Experience Platform and their client secrets.</summary>
[Cmdlet(VerbsCommon.Remove, "PlatformAccount", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemovePlatformAccountCommand : ModuleCommand
{
    private readonly List<string> _names = [];

    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [NotBlank]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PlatformAccountCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Removes several accounts without a question, and an account also where its file is damaged, or its vault does not give up the secret.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process() => _names.AddRange(Name);

    private protected override void End()
    {
        var removal = new AccountRemoval<PlatformAccount>(this, new PlatformAccountStore(), Force);
        var found = new List<string>();
        foreach (string name in _names) RunEach(name, () => found.AddRange(removal.Matching(name).Except(found, StringComparer.OrdinalIgnoreCase)));
        string[] there = [.. found.Where(removal.IsThere)];
        if (!ApprovesAll(there.Length, AccountRemoval<PlatformAccount>.QuestionFor(there), Force)) return;
        int removed = 0;
        foreach (string match in found) RunEach(match, () => removed += removal.Remove(match) ? 1 : 0);
        if (removed > 0) TellRemoved(AccountRemoval<PlatformAccount>.SentenceFor(removed));
    }
}
