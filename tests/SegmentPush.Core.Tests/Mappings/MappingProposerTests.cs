using SegmentPush.Mappings;
using SegmentPush.Mappings.Proposals;

namespace SegmentPush.Core.Tests.Mappings;

/// <summary>Which fields are proposed for the columns of a file.</summary>
public sealed class MappingProposerTests
{
    private static readonly NamedField[] s_instance =
    [
        new("id", "Id", false), new("email", "Email Address", true), new("firstName", "First Name", true), new("lastName", "Last Name", true),
        new("company", "Company Name", true), new("sfdcLeadId", "SFDC Lead Id", true), new("sfdcContactId", "SFDC Contact Id", true),
        new("loyaltyTier_c", "Loyalty Tier", true), new("tierA_c", "Tier", true), new("tierB_c", "Tier", true), new("unsubscribed", "Unsubscribed", true),
        new("createdAt", "Created At", false),
    ];

    [Fact]
    public void Adobes_paths_are_known_with_dots_and_with_underscores_and_in_any_case()
    {
        var proposals = Propose(["workEmail.address", "person_name_firstName", "PERSON.NAME.LASTNAME", "workAddress.city", "personComponents_personScore"], null);

        Assert.Equal(["email", "firstName", "lastName", "city", "leadScore"], proposals.Select(p => p.Target));
        Assert.All(proposals, p => Assert.Equal(MappingConfidence.High, p.Confidence));
        Assert.Equal(["Email", null, null, null, null], proposals.Select(p => p.Identity));
    }

    [Fact]
    public void The_fields_of_the_instance_are_found_by_name_by_label_and_by_the_last_part()
    {
        var proposals = Propose(["email", "First name", "loyaltytier_c", "Loyalty-Tier", "_acme.loyaltyTier_c", "shoe size"], s_instance);

        Assert.Equal(("email", MappingConfidence.High), Of(proposals, "email"));
        Assert.Equal(("firstName", MappingConfidence.Medium), Of(proposals, "First name"));
        Assert.Equal(("loyaltyTier_c", MappingConfidence.High), Of(proposals, "loyaltytier_c"));
        Assert.Equal(("", MappingConfidence.None), Of(proposals, "Loyalty-Tier"));
        Assert.Contains("'loyaltytier_c' fills", Find(proposals, "Loyalty-Tier").Reason, StringComparison.Ordinal);
        Assert.Equal(("", MappingConfidence.None), Of(proposals, "shoe size"));
        Assert.Equal(("loyaltyTier_c", MappingConfidence.Medium), Of(Propose(["Loyalty-Tier"], s_instance), "Loyalty-Tier"));
        Assert.Equal(("lastName", MappingConfidence.Low), Of(Propose(["crm_lastName"], s_instance), "crm_lastName"));
    }

    [Fact]
    public void What_could_be_several_fields_is_left_to_the_user()
    {
        var proposals = Propose(["Tier", "personComponents.sourceExternalID", "workEmail.address", "personalEmail.address", "manager_email"], s_instance);

        Assert.Contains("'tierA_c', 'tierB_c'", Find(proposals, "Tier").Reason, StringComparison.Ordinal);
        Assert.Contains("'sfdcLeadId', 'sfdcContactId'", Find(proposals, "personComponents.sourceExternalID").Reason, StringComparison.Ordinal);
        Assert.Equal("email", Find(proposals, "workEmail.address").Target);
        Assert.Contains("Also fits 'email'", Find(proposals, "personalEmail.address").Reason, StringComparison.Ordinal);
        Assert.Equal("", Find(proposals, "manager_email").Target);
        Assert.Single(proposals, p => p.Target.Length > 0);
    }

    [Fact]
    public void No_column_says_by_its_name_alone_who_may_be_written_to()
    {
        var proposals = Propose(["unsubscribed", "consents.marketing.email.val", "segmentMembership.ups.x.status", ""], s_instance);

        Assert.All(proposals, p => Assert.Equal(("", MappingConfidence.None), (p.Target, p.Confidence)));
        Assert.All(proposals, p => Assert.NotEmpty(p.Reason));
    }

    [Fact]
    public void A_field_that_the_instance_lacks_or_that_cannot_be_written_is_not_proposed()
    {
        var proposals = Propose(["email", "faxPhone.number", "createdAt", "id", "personComponents.sourcePersonID"], s_instance);

        Assert.Equal(["email", "", "", "", ""], proposals.Select(p => p.Target));
        Assert.Contains("does not have", Find(proposals, "faxPhone.number").Reason, StringComparison.Ordinal);
        var withoutAddress = Propose(["personComponents.sourcePersonID", "person.name.firstName"], s_instance);
        Assert.Equal(("id", "MarketoId"), (withoutAddress[0].Target, withoutAddress[0].Identity));
    }

    [Fact]
    public void What_is_proposed_is_a_right_mapping_and_no_field_is_proposed_twice()
    {
        string[] columns = [.. KnownFields.All.Paths.Select(path => path.Path), .. KnownFields.All.Names.Select(name => name.Field)];

        var taken = Propose(columns, null).Where(p => p.Target.Length > 0).ToArray();

        Assert.Equal(taken.Length, taken.DistinctBy(p => p.Target, StringComparer.OrdinalIgnoreCase).Count());
        var mapping = Mapping.Check(
            [.. taken.Select(p => new SegmentMapping(p.Source, p.Target, p.Identity))],
            [.. taken.Select(p => new TargetField(p.Target, "string", 255, true, p.Target == "email"))]);
        Assert.Equal("email", mapping.IdentityField.Name);
    }

    private static IReadOnlyList<MappingProposal> Propose(string[] columns, NamedField[]? fields) => MappingProposer.Propose(columns, fields);

    private static MappingProposal Find(IReadOnlyList<MappingProposal> proposals, string source) => proposals.Single(p => p.Source == source);

    private static (string, MappingConfidence) Of(IReadOnlyList<MappingProposal> proposals, string source) => (Find(proposals, source).Target, Find(proposals, source).Confidence);
}
