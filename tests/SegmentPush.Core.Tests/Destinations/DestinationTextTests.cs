using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using SegmentPush.Destinations;
using SegmentPush.Mappings;

namespace SegmentPush.Core.Tests.Destinations;

/// <summary>Files of destinations: what is written, what is read, and what the schema promises of both.</summary>
public sealed class DestinationTextTests
{
    private const string Smallest = """{ "name": "X", "staticList": { "id": 1021 }, "mapping": [ { "source": "a", "target": "email" } ] }""";

    private static readonly JsonSchema s_schema =
        JsonSchema.FromText(File.ReadAllText(Path.Combine(BuiltModule.Root, "docs", DestinationText.SchemaName)));

    private static readonly SegmentDestination s_full = new()
    {
        Name = "Été « l'été »",
        Description = "Two lines\nand a \"quote\"",
        Account = "Production",
        Instance = "284-RPR-133",
        StaticListId = 1021,
        StaticListName = "Webinar EMEA",
        Mapping = [new("personalEmail.address", "email", "Email"), new("person.name.firstName", "firstName"), SegmentMapping.Constant("Adobe & co", "leadSource")],
        PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
        ExistingPeople = ExistingPeople.Keep,
        Delivery = Delivery.Bulk,
        Partition = "Europe",
        Path = ["/exports/webinar_*.csv", @"\\share\exports"],
        Delimiter = '\t',
        Encoding = "windows-1252",
        Escape = CellEscape.Backslash,
        NullText = ["NULL", @"\N"],
        Newest = true,
        Mode = PushMode.Delta,
        MembershipColumn = "status",
        StartDate = new DateTime(2026, 9, 1),
        EndDate = new DateTime(2026, 12, 31),
        TimeZone = "Europe/Paris",
        Culture = "de-DE",
        BadField = BadField.LeaveOut,
        MaxRemovals = 50,
        MaxRemovalPercent = 0,
        MaxShrinkPercent = 100,
        MaxRejectPercent = 75,
    };

    private static readonly SegmentDestination s_platform = new()
    {
        Name = "Audience",
        PlatformAccount = "Platform",
        OrganizationId = "0123456789ABCDEF01234567@AdobeOrg",
        SandboxName = "prod",
        Audience = "Webinar EMEA",
        AudienceId = "7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c",
        Identities = AudienceIdentities.All,
        SkipPolicyCheck = true,
        KeepExports = 0,
        IgnoreConsent = true,
        Instance = "284-RPR-133",
        StaticListId = 1,
        StaticListName = "L",
        Mapping = [new("identityMap.Email", "email")],
        Mode = PushMode.Mirror,
        TimeZone = "Etc/UTC",
    };

    private static readonly SegmentDestination s_plain = new()
    {
        Name = "Plain",
        Instance = "284-RPR-133",
        StaticListId = 1,
        StaticListName = "L",
        Mapping = [new("a", "email")],
        TimeZone = "Etc/UTC",
    };

    [Fact]
    public void What_is_written_is_read_as_it_was_and_keeps_to_the_schema()
    {
        foreach (var destination in new[] { s_full, s_plain, s_platform })
        {
            string text = DestinationText.Write(destination, withSchema: true);

            Assert.True(IsValid(text), text);
            var read = DestinationText.Read(text, "It");
            Assert.Equal(destination.Mapping, read.Mapping);
            Assert.Equal(destination.Path, read.Path);
            Assert.Equal(destination.NullText, read.NullText);
            Assert.Equal(destination, read with { Mapping = destination.Mapping, Path = destination.Path, NullText = destination.NullText });
        }
    }

    [Fact]
    public void Files_are_the_same_on_every_system_and_fit_to_be_read_by_people()
    {
        string text = DestinationText.Write(s_full, withSchema: true);

        Assert.DoesNotContain('\r', text);
        Assert.Contains("\n  \"name\": \"Été « l'été »\",\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  \"startDate\": \"2026-09-01\",\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_file_leaves_out_is_what_a_new_destination_has()
    {
        var read = DestinationText.Read(Smallest, "It");

        Assert.Equal(Delivery.Auto, read.Delivery);
        Assert.Equal(PushMode.Append, read.Mode);
        Assert.Equal(PersonCreation.MatchExisting, read.PersonCreation);
        Assert.Equal(ExistingPeople.Keep, read.ExistingPeople);
        Assert.Equal(20, read.MaxRemovalPercent);
        Assert.Equal(30, read.MaxShrinkPercent);
        Assert.Equal(50, read.MaxRejectPercent);
        Assert.Null(read.MaxRemovals);
        Assert.Null(read.Culture);
        Assert.Equal(BadField.Reject, read.BadField);
        Assert.Equal(DestinationSchedule.LocalZone, read.TimeZone);
    }

    [Theory]
    [InlineData("name", "null", false)]
    [InlineData("name", "5", false)]
    [InlineData("nmae", "\"X\"", false)]
    [InlineData("description", "null", true)]
    [InlineData("staticList", "1021", false)]
    [InlineData("staticList", "null", false)]
    [InlineData("staticList", "{}", false)]
    [InlineData("staticList", """{ "id": 0 }""", false)]
    [InlineData("staticList", """{ "id": "1021" }""", false)]
    [InlineData("staticList", """{ "id": null, "name": " " }""", false)]
    [InlineData("staticList", """{ "name": "Webinar" }""", true)]
    [InlineData("staticList", """{ "id": 1021, "name": null }""", true)]
    [InlineData("staticList", """{ "id": 1021, "path": "x" }""", false)]
    [InlineData("audience", "null", true)]
    [InlineData("audience", "{}", false)]
    [InlineData("audience", "\"Webinar\"", false)]
    [InlineData("audience", """{ "name": "Webinar" }""", true)]
    [InlineData("audience", """{ "id": " ", "name": null }""", false)]
    [InlineData("audience", """{ "id": "7f04b2a6", "identities": "Any" }""", false)]
    [InlineData("audience", """{ "id": "7f04b2a6", "identities": "All", "keepExports": 3 }""", true)]
    [InlineData("audience", """{ "id": "7f04b2a6", "size": 3 }""", false)]
    [InlineData("form", "null", true)]
    [InlineData("form", """{ "delimiter": ";", "escape": "Double", "nullText": [] }""", true)]
    [InlineData("form", """{ "delimiter": "; " }""", false)]
    [InlineData("form", """{ "escape": 1 }""", false)]
    [InlineData("form", """{ "separator": ";" }""", false)]
    [InlineData("form", """{ "encoding": "utf8", "newest": true }""", true)]
    [InlineData("platform", """{ "sandbox": "prod" }""", true)]
    [InlineData("platform", """{ "secret": "x" }""", false)]
    [InlineData("ignoreConsent", "true", true)]
    [InlineData("ignoreConsent", "null", false)]
    [InlineData("mapping", "[]", false)]
    [InlineData("mapping", "[null]", false)]
    [InlineData("mapping", """{ "a": "email" }""", false)]
    [InlineData("mapping", """[ { "source": "a" } ]""", false)]
    [InlineData("mapping", """[ { "source": "a", "target": " " } ]""", false)]
    [InlineData("mapping", """[ { "source": "a", "target": "email", "identity": null } ]""", true)]
    [InlineData("mapping", """[ { "source": "a", "target": "email" }, { "value": "Adobe", "target": "leadSource" } ]""", true)]
    [InlineData("mapping", """[ { "source": "a", "target": "email" }, { "value": "Adobe", "source": null, "target": "leadSource" } ]""", true)]
    [InlineData("mapping", """[ { "source": "a", "target": "email" }, { "value": "Adobe", "source": "b", "target": "leadSource" } ]""", false)]
    [InlineData("mapping", """[ { "source": "a", "target": "email" }, { "value": " ", "target": "leadSource" } ]""", false)]
    [InlineData("mapping", """[ { "source": "a", "target": "email" }, { "value": 5, "target": "leadScore" } ]""", false)]
    [InlineData("mapping", """[ { "target": "email" } ]""", false)]
    [InlineData("culture", "\"de-DE\"", true)]
    [InlineData("culture", "null", true)]
    [InlineData("culture", "5", false)]
    [InlineData("badField", "\"LeaveOut\"", true)]
    [InlineData("badField", "\"Drop\"", false)]
    [InlineData("badField", "1", false)]
    [InlineData("badField", "null", false)]
    [InlineData("personCreation", "\"MatchExistingAndCreateMissing\"", true)]
    [InlineData("personCreation", "\"Create\"", false)]
    [InlineData("personCreation", "1", false)]
    [InlineData("existingPeople", "null", true)]
    [InlineData("existingPeople", "\"Update\"", true)]
    [InlineData("delivery", "\"Bulk\"", true)]
    [InlineData("delivery", "2", false)]
    [InlineData("mode", "\"Mirror\"", true)]
    [InlineData("mode", "\"1\"", false)]
    [InlineData("mode", "null", false)]
    [InlineData("startDate", "\"2026-02-28\"", true)]
    [InlineData("startDate", "\"2026-02-30\"", false)]
    [InlineData("endDate", "\"28/02/2026\"", false)]
    [InlineData("endDate", "null", true)]
    [InlineData("timeZone", "\"Europe/Paris\"", true)]
    [InlineData("guard", "null", true)]
    [InlineData("guard", """{ "maxRemovals": 5, "maxShrinkPercent": null }""", true)]
    [InlineData("guard", """{ "maxRemovals": 5.5 }""", false)]
    [InlineData("guard", """{ "maxRemoval": 5 }""", false)]
    public void The_schema_allows_what_is_read_and_nothing_else(string property, string value, bool isRight)
    {
        var file = JsonNode.Parse(Smallest)!.AsObject();
        file[property] = JsonNode.Parse(value);
        string text = file.ToJsonString();

        Assert.Equal(isRight, IsValid(text));
        if (isRight) DestinationText.Read(text, "It");
        else Assert.Equal("DestinationFileMalformed", Assert.Throws<SegmentPushException>(() => DestinationText.Read(text, "It")).ErrorId);
    }

    [Theory]
    [InlineData("\"mode\": \"Append\"", "\"moed\": \"Append\"", 0, "'moed' is not known in a destination. Is it 'mode'?")]
    [InlineData("\"Append\"", "\"Mirrored\"", 0, "'mode' must be one of \"Append\", \"Mirror\", \"Delta\"")]
    [InlineData("\"Append\"", "\"Append\",\n  \"mode\": \"Mirror\"", 1, "'mode' is there twice")]
    [InlineData("\"target\": \"email\"", "\"tarjet\": \"email\"", 0, "'tarjet' is not known in an entry of 'mapping'. Is it 'target'?")]
    [InlineData("\"maxRemovalPercent\": 20", "\"maxRemovalPercent\": \"20 %\"", 0, "'maxRemovalPercent' must be a whole number")]
    [InlineData("\"name\": \"Plain\",", "", null, "It lacks 'name'")]
    [InlineData("\"mode\": \"Append\",", "\"mode\": \"Append\"", 1, "Expected either ','")]
    [InlineData("\"timeZone\": \"Etc/UTC\"", "\"endDate\": \"31.12.2026\"", 0, "'endDate' must be a date such as \"2026-12-31\"")]
    public void A_file_that_was_edited_wrongly_is_an_error_that_says_where_and_what(string from, string to, int? linesAfter, string what)
    {
        string right = DestinationText.Write(s_plain, withSchema: true);
        int at = right.IndexOf(from, StringComparison.Ordinal);
        string text = right[..at] + to + right[(at + from.Length)..];

        var error = Assert.Throws<SegmentPushException>(() => DestinationText.Read(text, "'webinar.json'"));

        Assert.Equal("DestinationFileMalformed", error.ErrorId);
        Assert.StartsWith("'webinar.json' ", error.Message, StringComparison.Ordinal);
        if (linesAfter is { } lines) Assert.Contains($"(line {right[..at].Count(c => c == '\n') + 1 + lines})", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SegmentPush.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("email,first\nx,y")]
    public void A_file_that_is_something_else_is_an_error(string text) =>
        Assert.Equal("DestinationFileMalformed", Assert.Throws<SegmentPushException>(() => DestinationText.Read(text, "It")).ErrorId);

    [Theory]
    [InlineData("Webinar EMEA")]
    [InlineData("Über & Co. (2026)")]
    public void A_file_is_named_after_its_destination(string name) => Assert.Equal(name + ".json", DestinationText.FileNameOf(name));

    [Fact]
    public void Names_that_no_file_can_have_are_replaced_and_stay_different()
    {
        string[] names = ["a/b", "a:b", "a-b", "a\\b", "..", "CON", "nul.x", "a.", "a", new('é', 100), new string('é', 99) + "x"];

        string[] files = [.. names.Select(DestinationText.FileNameOf)];

        Assert.Equal(names.Length, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(files, file =>
        {
            Assert.True(file.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) < 0, file);
            Assert.DoesNotMatch(@"(?i)\A(con|nul)\.|\A\.|[. ]\.json\z", file);
            Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(file), 6, 255);
        });
        Assert.Equal(DestinationText.FileNameOf("A/B"), DestinationText.FileNameOf("a/b"), ignoreCase: true);
    }

    private static bool IsValid(string text)
    {
        using var document = JsonDocument.Parse(text);
        return s_schema.Evaluate(document.RootElement, new EvaluationOptions { RequireFormatValidation = true }).IsValid;
    }
}
