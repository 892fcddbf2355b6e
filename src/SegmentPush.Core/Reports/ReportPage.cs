using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace SegmentPush.Reports;

/// <summary>What all reports have in common: one file that needs no other, without a script.</summary>
internal static class ReportPage
{
    private static readonly Lazy<string> s_style = new(() =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("SegmentPush.Report.css")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    });

    /// <summary>A whole page as text.</summary>
    /// <param name="text">The texts in the language of the page.</param>
    /// <param name="title">Its title.</param>
    /// <param name="written">When it is written.</param>
    /// <param name="content">What it shows.</param>
    public static string Of(ReportText text, string title, DateTimeOffset written, IEnumerable<object?> content)
    {
        string version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";
        var page = Html.Of(
            "html",
            Html.Attribute("lang", text["Language"]),
            Html.Of(
                "head",
                Html.Of("meta", Html.Attribute("charset", "utf-8")),
                Html.Of("meta", Html.Attribute("name", "viewport"), Html.Attribute("content", "width=device-width, initial-scale=1")),
                Html.Of("meta", Html.Attribute("http-equiv", "Content-Security-Policy"), Html.Attribute("content", "default-src 'none'; style-src 'unsafe-inline'")),
                Html.Of("meta", Html.Attribute("name", "robots"), Html.Attribute("content", "noindex")),
                Html.Of("title", title),
                new XElement("style", s_style.Value)),
            Html.Of(
                "body",
                Html.Of(
                    "main",
                    Html.Of("h1", title),
                    content,
                    Html.Of("footer", text.Of("WrittenAt", version, text.Moment(written), TimeZoneInfo.Local.DisplayName)))));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    /// <summary>A part of a page under a heading.</summary>
    public static XElement Section(string heading, params object?[] content) => Html.Of("section", [Html.Of("h2", heading), .. content]);

    /// <summary>What belongs to the page as a whole: names and their values.</summary>
    public static XElement Facts(IEnumerable<(string Name, string? Value)> facts) => Html.Of(
        "dl", [.. facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).SelectMany(fact => new object[] { Html.Of("dt", fact.Name), Html.Of("dd", fact.Value) })]);

    /// <summary>A chart, what it shows where the heading does not say it, and the same as a table.</summary>
    public static XElement Figure(ReportText text, string? caption, XElement chart, XElement table) => Html.Of(
        "figure", caption is null ? null : Html.Of("figcaption", caption), chart, Html.Of("details", Html.Of("summary", text["AsTable"]), table));
}
