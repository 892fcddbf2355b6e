using SegmentPush.Mappings.Proposals;

namespace SegmentPush.Completion;

/// <summary>Offers a mapping for the columns of the file that the line names, as New-SegmentMapping -Auto would propose it.</summary>
public sealed class MappingCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        string[] columns = [.. FileCompletion.Columns(line)];
        if (columns.Length == 0) return [];
        var fields = InstanceCompletion.Fields(line);
        var proposals = MappingProposer.Propose(columns, fields.Count == 0 ? null : [.. fields.Select(field => new NamedField(field.Name, field.DisplayName, field.Updateable))]);
        string[] entries = [.. proposals.Where(proposal => proposal.Target.Length > 0).Select(proposal => $"{CompletionText.Literal(proposal.Source)} = {CompletionText.Literal(proposal.Target)}")];
        return entries.Length == 0 ? [] : [new Candidate($"@{{ {string.Join("; ", entries)} }}", MessageText.Say("A proposal for the columns of the file; look at it before you push."), IsCode: true)];
    }
}
