using System.Xml.Linq;

namespace SegmentPush.Reports;

/// <summary>Makes elements of a page. Text is escaped by LINQ to XML; characters that nobody sees are shown by their numbers.</summary>
internal static class Html
{
    /// <summary>An element. Content of type string is text.</summary>
    public static XElement Of(string name, params object?[] content) => new(name, content.Select(Shown));

    /// <summary>An element of a class.</summary>
    public static XElement Classed(string name, string @class, params object?[] content) => Of(name, [new XAttribute("class", @class), .. content]);

    /// <summary>An attribute.</summary>
    public static XAttribute Attribute(string name, object value) => new(name, value is string text ? VisibleText.Of(text) : value);

    /// <summary>What scrolls by itself, also with the keyboard, where it is wider than the page.</summary>
    /// <param name="name">What it is, for those who do not see it.</param>
    /// <param name="content">What may be wide.</param>
    public static XElement Scrolling(string name, XElement content) =>
        Classed("div", "scroll", Attribute("role", "region"), Attribute("aria-label", name), Attribute("tabindex", "0"), content);

    /// <summary>A table that scrolls by itself where it is wider than the page.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">Names of its columns, and whether their cells are numbers.</param>
    /// <param name="rows">Its rows; the first cell of each is its header.</param>
    public static XElement Table(string caption, IReadOnlyList<(string Name, bool IsNumber)> columns, IEnumerable<IReadOnlyList<object?>> rows) => Scrolling(
        caption,
        Of(
            "table",
            Of("caption", caption),
            Of("thead", Of("tr", [.. columns.Select(column => Classed("th", ClassOf(column.IsNumber), Attribute("scope", "col"), column.Name))])),
            Of("tbody", [.. rows.Select(row => Of("tr", [.. row.Select((cell, i) => CellOf(cell, i, columns[i].IsNumber))]))])));

    private static XElement CellOf(object? cell, int column, bool isNumber) => column == 0
        ? Classed("th", ClassOf(isNumber), Attribute("scope", "row"), cell ?? "")
        : Classed("td", ClassOf(isNumber), cell ?? "");

    private static string ClassOf(bool isNumber) => isNumber ? "number" : "text";

    private static object? Shown(object? content) => content is string text ? VisibleText.Of(text, keepsSpaces: true) : content;
}
