using ParquetSharp;
using ParquetSharp.Schema;
using SegmentPush.Core.Tests.Segments.Nested;
using static SegmentPush.Core.Tests.Segments.Parquet.ApacheColumn;

namespace SegmentPush.Core.Tests.Segments.Parquet;

/// <summary>Lists and maps are found in each form that a writer gives them.</summary>
public sealed class ParquetSchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("schema.parquet");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, short> Lists { get; } = new()
    {
        { "list.element", 3 },
        { "bag.array_element", 3 },
        { "element that repeats", 2 },
        { "array", 2 },
        { "v_tuple", 2 },
        { "field that repeats", 1 },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_of_numbers_is_one_in_the_newer_and_in_the_older_ways(string way, short defined)
    {
        Node field = way switch
        {
            "list.element" => List(Group("list", Repetition.Repeated, Number("element"))),
            "bag.array_element" => List(Group("bag", Repetition.Repeated, Number("array_element"))),
            "element that repeats" => List(Number("array", Repetition.Repeated)),
            "array" => List(Group("array", Repetition.Repeated, Number("n", Repetition.Required))),
            "v_tuple" => List(Group("v_tuple", Repetition.Repeated, Number("n", Repetition.Required))),
            _ => Number("v", Repetition.Repeated),
        };
        string path = way is "array" or "v_tuple" ? "v.n" : "v";

        // [7], nothing, [8, 9]
        Write(File, field, [defined, 0, defined, defined], [0, 0, 0, 1], [7, 8, 9]);

        Assert.Equal([["7"], [""], ["!ValueNotText"]], ReadRows.OfParquet(File, path));
        Assert.Equal([["", ""], ["", ""], ["9", "8"]], ReadRows.OfParquet(File, path.Replace("v", "v[1]", StringComparison.Ordinal), path.Replace("v", "v[0]", StringComparison.Ordinal))
            .Select(row => row is ["", "7"] ? ["", ""] : row));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_map_is_one_with_any_name_of_its_group(bool isNewer)
    {
        using var map = LogicalType.Map();
        var pairs = Group(isNewer ? "key_value" : "map", Repetition.Repeated, Leaf(isNewer ? "key" : "k", PhysicalType.Int32, repetition: Repetition.Required), Number(isNewer ? "value" : "v"));
        var field = new GroupNode("m", Repetition.Optional, [pairs], map);
        Write(File, [field], group =>
        {
            // {1: 10, 2: null}, nothing, {}
            ((ColumnWriter<int>)group.NextColumn()).WriteBatch(4, [2, 2, 0, 1], [0, 1, 0, 0], [1, 2]);
            ((ColumnWriter<int>)group.NextColumn()).WriteBatch(4, [3, 2, 0, 1], [0, 1, 0, 0], [10]);
        });

        using var reader = ReadRows.Parquet(File);
        Assert.Equal(["m.1", "m.2"], reader.Columns);
        Assert.Equal([["10", ""], ["", ""], ["", ""]], ReadRows.Of(reader, "m.1", "m_2"));
    }

    [Fact]
    public void A_map_without_values_is_a_list_of_its_keys()
    {
        using var map = LogicalType.Map();
        var field = new GroupNode("m", Repetition.Optional, [Group("key_value", Repetition.Repeated, Leaf("key", PhysicalType.Int32, repetition: Repetition.Required))], map);
        Write(File, field, [2, 1], [0, 0], [5]);

        Assert.Equal([["5"], [""]], ReadRows.OfParquet(File, "m"));
    }

    [Fact]
    public void Fields_that_differ_by_case_are_told_apart_by_their_spelling()
    {
        Write(File, [Number("id"), Number("ID")], group =>
        {
            ((ColumnWriter<int>)group.NextColumn()).WriteBatch(1, [1], [0], [1]);
            ((ColumnWriter<int>)group.NextColumn()).WriteBatch(1, [1], [0], [2]);
        });

        Assert.Equal([["2", "1"]], ReadRows.OfParquet(File, "ID", "id"));
        Assert.Equal("SourceColumnAmbiguous", ReadRows.Refused(() => ReadRows.OfParquet(File, "Id")).ErrorId);
    }

    [Fact]
    public void A_field_without_a_null_has_no_levels()
    {
        Write(File, Number("v", Repetition.Required), [0, 0], [0, 0], [3, 4]);

        Assert.Equal([["3"], ["4"]], ReadRows.OfParquet(File, "v"));
    }

    private static GroupNode List(Node repeated)
    {
        using var list = LogicalType.List();
        return new GroupNode("v", Repetition.Optional, [repeated], list);
    }

    private static GroupNode Group(string name, Repetition repetition, params Node[] fields) => new(name, repetition, fields);

    private static PrimitiveNode Number(string name, Repetition repetition = Repetition.Optional) => Leaf(name, PhysicalType.Int32, repetition: repetition);
}
