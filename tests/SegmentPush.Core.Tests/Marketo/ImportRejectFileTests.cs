using System.Text;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Marketo;

public sealed class ImportRejectFileTests
{
    private static readonly string[] s_uploaded = ["email", "firstName", "company"];

    [Theory]
    [InlineData("email,firstName,company,Import Failure Reason\nann@example.com,Ann,Acme,Bad value\n")]
    [InlineData("\"email\",\"firstName\",\"company\",\"Import Failure Reason\"\r\n\"ann@example.com\",\"Ann\",\"Acme\",\"Bad value\"\r\n")]
    [InlineData("\uFEFFemail,firstName,company,Import Failure Reason\nann@example.com,Ann,Acme,Bad value")]
    [InlineData("email;firstName;company;Import Failure Reason\nann@example.com;Ann;Acme;Bad value\n")]
    [InlineData("email\tfirstName\tcompany\tImport Failure Reason\nann@example.com\tAnn\tAcme\tBad value\n")]
    [InlineData("email|firstName|company|Import Failure Reason\nann@example.com|Ann|Acme|Bad value\n")]
    [InlineData("Import Failure Reason,company,firstName,email\nBad value,Acme,Ann,ann@example.com\n")]
    [InlineData("company,email,Import Warning Reason,firstName\nAcme,ann@example.com,Bad value,Ann\n")]
    [InlineData("email,firstName,company,Message\nann@example.com,Ann,Acme,Bad value\n")]
    [InlineData("Row,EMAIL , FirstName,Company,import failure reason\n7, ann@example.com ,Ann,Acme,Bad value\n\n,,,,\n")]
    public void A_row_is_read_by_the_header(string file)
    {
        var row = Assert.Single(Read(file));

        Assert.Equal(["ann@example.com"], row.Keys);
        Assert.Equal(["ann@example.com", "Ann", "Acme"], row.Cells!.Select(cell => cell.Trim()));
        Assert.Equal("Bad value", row.Reason);
    }

    [Fact]
    public void A_file_in_UTF_16_is_read_by_its_mark()
    {
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("email,Import Failure Reason\nann@example.com,Zoë\n")];

        Assert.Equal("Zoë", Assert.Single(ImportRejectFile.Read(bytes, s_uploaded)).Reason);
    }

    [Fact]
    public void Columns_may_be_missing_and_then_the_row_is_not_given_whole()
    {
        var row = Assert.Single(Read("firstName,Import Failure Reason,email\nAnn,\"Bad, \"\"value\"\"\",ann@example.com\n"));

        Assert.Equal(["ann@example.com"], row.Keys);
        Assert.Equal("Bad, \"value\"", row.Reason);
        Assert.Null(row.Cells);
    }

    [Fact]
    public void A_reason_with_unquoted_commas_is_read_to_its_end()
    {
        var row = Assert.Single(Read("email,firstName,company,Import Failure Reason\nann@example.com,Ann,Acme,Bad value, or none, sorry\n"));

        Assert.Contains("ann@example.com", row.Keys);
        Assert.Equal("Bad value, or none, sorry", row.Reason);
        Assert.Null(row.Cells);
    }

    [Fact]
    public void A_key_behind_unquoted_commas_is_among_those_that_are_possible()
    {
        var row = Assert.Single(Read("Import Failure Reason,company,email\nBad, value,Acme,ann@example.com\n"));

        Assert.Equal(["Acme", "ann@example.com"], row.Keys);
    }

    [Theory]
    [InlineData("firstName,company,Import Failure Reason\nAnn,Acme,Bad value\n")]
    [InlineData("Ann,Acme,Bad value\n1,2,3\n")]
    public void Without_the_column_that_finds_people_a_row_names_nobody(string file) => Assert.Empty(Assert.Single(Read(file)).Keys);

    [Theory]
    [InlineData("")]
    [InlineData("email,firstName,company,Import Failure Reason\n")]
    [InlineData("\"email,firstName")]
    public void A_file_without_rows_has_none(string file) => Assert.Empty(Read(file));

    private static IReadOnlyList<ImportReject> Read(string file) => ImportRejectFile.Read(Encoding.UTF8.GetBytes(file), s_uploaded);
}
