using SegmentPush.Mappings.Proposals;

namespace SegmentPush.Completion;

/// <summary>Offers fields of people by REST API name: those of the connected instance, else those that every instance has.</summary>
public sealed class FieldCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        var fields = InstanceCompletion.Fields(line);
        return fields.Count > 0
            ? fields.Where(field => field.Updateable || line.Command != "New-SegmentMapping").Select(field => new Candidate(field.Name, field.Searchable ? MessageText.Say($"{field.DisplayName}, {field.DataType}, finds people") : $"{field.DisplayName}, {field.DataType}"))
            : KnownFields.All.Names.Select(name => new Candidate(name.Field, name.Labels.Count > 0 ? name.Labels[0] : name.Field));
    }
}
