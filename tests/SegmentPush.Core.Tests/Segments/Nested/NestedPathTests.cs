using SegmentPush.Segments.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Core.Tests.Segments.Nested;

public sealed class NestedPathTests
{
    [Theory]
    [InlineData("""{"identityMap":{"Email":[{"id":"a"},{"id":"b","primary":true}]}}""", "b")]
    [InlineData("""{"identityMap":{"Email":[{"primary":true},{"id":""},{"id":"b"}]}}""", "b")]
    [InlineData("""{"identityMap":{"Email":[{"id":"a","primary":false},{"id":"b"}]}}""", "a")]
    [InlineData("""{"identityMap":{"Email":[{"id":"a","primary":true},{"id":"b","primary":true}]}}""", "a")]
    [InlineData("""{"identityMap":{"email":[{"ID":"a"}],"Email":null}}""", "!DuplicateProperty")]
    [InlineData("""{"identityMap":{"Email":[{"id":"a","primary":false,"primary":true},{"id":"b","primary":true}]}}""", "!DuplicateProperty")]
    [InlineData("""{"identityMap":{"Email":{"id":"a"}}}""", "a")]
    [InlineData("""{"identityMap":{"Email":["a","b"]}}""", "a")]
    [InlineData("""{"identityMap":{"Email":[{"id":17}]}}""", "17")]
    [InlineData("""{"identityMap":{"Email":[]}}""", "")]
    [InlineData("""{"identityMap":{"Email":null}}""", "")]
    [InlineData("""{"identityMap":null}""", "")]
    [InlineData("""{"identityMap":{"Email":[{"id":"\u00e9@x"}]}}""", "é@x")]
    [InlineData("""{"identities":[{"id":"x","namespace":{"code":"ECID"}},{"id":"a","namespace":{"code":"email"}}]}""", "a")]
    [InlineData("""{"identities":[{"id":"a","namespace":{"code":"Email"}},{"namespace":{"code":"Email"},"primary":true,"id":"b"}]}""", "b")]
    [InlineData("""{"identities":[{"id":"a","namespace":"Email"},{"id":"x"}]}""", "a")]
    [InlineData("""{"identities":[{"id":"x","namespace":{"code":"ECID"}}]}""", "")]
    [InlineData("""{"identities":[{"id":"x","namespace":{"code":"ECID"},"namespace":{"code":"Email"}},{"id":"a","namespace":{"code":"Email"}}]}""", "!DuplicateProperty")]
    [InlineData("""{"identities":[{"id":"x","primary":false,"primary":true,"namespace":{"code":"ECID"}},{"id":"a","namespace":{"code":"Email"}}]}""", "a")]
    public void An_identity_is_the_primary_one_else_the_first_that_has_an_id(string row, string expected)
    {
        Assert.Equal([[expected]], ReadRows.OfJson(row, "identityMap.Email"));
        Assert.Equal([[expected]], ReadRows.OfJson(row, "identityMap_Email_id"));
    }

    [Theory]
    [InlineData("""{"a":["x"]}""", "a", "x")]
    [InlineData("""{"a":[null,"x"]}""", "a", "x")]
    [InlineData("""{"a":[]}""", "a", "")]
    [InlineData("""{"a":["x","y"]}""", "a[1]", "y")]
    [InlineData("""{"a":["x","y"]}""", "a.1", "y")]
    [InlineData("""{"a":["x","y"]}""", "a[7]", "")]
    [InlineData("""{"a":[["x","y"],["z"]]}""", "a[1][0]", "z")]
    [InlineData("""{"a":[{"b":["x","y"]},{"b":"z"}]}""", "a[0].b[1]", "y")]
    [InlineData("""{"a":[{"b":"x"}]}""", "a.b", "x")]
    [InlineData("""{"a":[{"b":"x"},{"c":"y"}]}""", "a.b", "x")]
    [InlineData("""{"a":null}""", "a.b.c", "")]
    [InlineData("""{"a.b":"x"}""", "a.b", "x")]
    [InlineData("""{"a_b":"x"}""", "a.b", "x")]
    [InlineData("""{"a":{"b_c":"x"}}""", "a_b_c", "x")]
    [InlineData("""{"_tenant":{"crm":{"id":"x"}}}""", "_tenant.crm.id", "x")]
    [InlineData("""{"_tenant":{"crm":{"id":"x"}}}""", "_tenant_crm_id", "x")]
    [InlineData("""{" first  name ":"x"}""", "First Name", "x")]
    [InlineData("{\"Stra\u00DFe\":\"x\"}", "stra\u00DFe", "x")]
    [InlineData("{\"cafe\u0301\":\"x\"}", "CAF\u00C9", "x")]
    [InlineData("{\"\\u0061b\":\"x\"}", "ab", "x")]
    [InlineData("""{"a":{"0":"x"}}""", "a.0", "x")]
    public void A_path_leads_through_objects_and_lists(string row, string name, string expected) =>
        Assert.Equal([[expected]], ReadRows.OfJson(row, name));

    [Theory]
    [InlineData("""{"a":{"b":"x"},"a_b":"y"}""", "a.b", "x")]
    [InlineData("""{"a":{"b":"x"},"a_b":"y"}""", "a_b", "y")]
    public void An_exact_spelling_decides_between_two_places(string row, string name, string expected) =>
        Assert.Equal([[expected]], ReadRows.OfJson(row, name));

    [Theory]
    [InlineData("""{"a":{"b_c":"x"},"a_b":{"c":"y"}}""", "a_b_c")]
    [InlineData("""{"a":{"b":{"c":1}},"a_b":{"d":2}}""", "A_B")]
    public void A_name_of_two_places_is_refused(string row, string name) =>
        Assert.Equal("SourceColumnAmbiguous", ReadRows.Refused(() => ReadRows.OfJson(row, name)).ErrorId);

    [Fact]
    public void Two_names_of_one_place_give_the_same_value() =>
        Assert.Equal([["x", "x", "x"]], ReadRows.OfJson("""{"a":{"b":"x"}}""", "a.b", "a_b", "A.B"));

    [Fact]
    public void A_place_and_places_below_it_can_be_asked_for_together() => Assert.Equal(
        [["a@x", "loggedOut", "b@x"]],
        ReadRows.OfJson(
            """{"identityMap":{"Email":[{"id":"b@x"},{"id":"a@x","primary":true,"authenticatedState":"loggedOut"}]}}""",
            "identityMap.Email", "identityMap.Email.authenticatedState", "identityMap.Email[0].id"));

    [Theory]
    [InlineData("""{"a":"x"}{"a":["y"]}""", "a[0]", "!ValueNotText", "y")]
    [InlineData("""{"a":{"b":"x"}}{"a":["y"]}""", "a[0]", "!ValueNotText", "y")]
    [InlineData("""{"a":"x"}{"a":{"b":"y"}}""", "a.b", "!ValueNotText", "y")]
    [InlineData("""{"a":1}{"a":{"b":"y"}}""", "a.b", "!ValueNotText", "y")]
    [InlineData("""{"a":["x"]}{"a":[{"b":"y"}]}""", "a[0].b", "!ValueNotText", "y")]
    [InlineData("""{"a":[{"b":"x"},"z"]}{"a":{"b":"y"}}""", "a.b", "!ValueNotText", "y")]
    [InlineData("""{"a":""}{"a":{"b":"y"}}""", "a.b", "", "y")]
    [InlineData("""{"a":null}{"a":{"b":"y"}}""", "a.b", "", "y")]
    [InlineData("""{"a":[]}{"a":{"b":"y"}}""", "a.b", "", "y")]
    public void A_row_with_a_value_in_the_place_of_an_object_or_a_list_is_at_fault(string rows, string name, params string[] expected) =>
        Assert.Equal(expected, ReadRows.OfJson(rows, name).Select(row => row[0]));

    [Fact]
    public void A_value_and_values_within_it_can_be_mapped_from_rows_of_two_forms() => Assert.Equal(
        [["x", ""], ["!ValueNotText"]], ReadRows.OfJson("""{"a":"x"}{"a":{"b":"y"}}""", "a", "a.b"));

    [Theory]
    [InlineData("frstName", false)]
    [InlineData("p.frstName", false)]
    [InlineData("optin@web", true)]
    [InlineData("p.OptIn@Web", true)]
    public void A_name_with_an_address_in_it_is_found_and_makes_no_other_name_valid(string name, bool isFound)
    {
        const string Json = """{"email":"a@example.com","firstName":"Ann","optin@web":"y","p":{"optin@web":"y"}}""";
        var look = JsonFile.Look(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Json)), "people.json");

        Assert.Equal(isFound, look.Paths.Find(name) is not null);
        if (isFound) Assert.Equal([["y"]], ReadRows.OfJson(Json, name));
    }

    [Theory]
    [InlineData("""{"FirstName":"Bob","firstname":"Bo"}{"firstName":"Ann"}{"FirstName":"Cid"}""", "firstName")]
    [InlineData("""{"firstName":"Ann"}{"FirstName":"Cid"}{"FirstName":"Bob","firstname":"Bo"}""", "FirstName")]
    [InlineData("""{"p":{"FirstName":"Bob","firstname":"Bo"}}{"P":{"firstName":"Ann"}}""", "p.firstName")]
    public void A_third_spelling_that_may_mean_either_of_two_is_refused(string rows, string name)
    {
        Assert.Equal("SourceColumnAmbiguous", ReadRows.Refused(() => ReadRows.OfJson(rows, name)).ErrorId);

        // A look at the file shows it all the same.
        var look = JsonFile.Look(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(rows)), "people.json");
        using var reader = JsonFile.Open(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(rows)), look, "people.json");
        Assert.NotEmpty(SegmentSample.Read(reader, 3));
    }

    [Fact]
    public void Three_spellings_that_one_object_has_are_three_columns() => Assert.Equal(
        [["1", "2", "3"], ["4", "", ""]], ReadRows.OfJson("""{"id":"1","ID":"2","Id":"3"}{"id":"4"}""", "id", "ID", "Id"));
}
