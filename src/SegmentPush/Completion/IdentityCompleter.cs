namespace SegmentPush.Completion;

/// <summary>Offers the identity namespace that every instance has, and the fields of the instance that find people.</summary>
public sealed class IdentityCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
    [
        new Candidate("Email", MessageText.Say("The person's address")),
        .. InstanceCompletion.Fields(line).Where(field => field.Searchable).Select(field => new Candidate(field.Name, field.DisplayName)),
    ];
}
