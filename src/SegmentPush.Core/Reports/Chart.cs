using System.Globalization;
using System.Xml.Linq;

namespace SegmentPush.Reports;

/// <summary>One column of a chart, or one point of a curve.</summary>
/// <param name="Label">Below it.</param>
/// <param name="Value">How high it is; null where it is not known.</param>
/// <param name="Text">The value as people read it.</param>
internal sealed record ChartPoint(string Label, double? Value, string Text)
{
    /// <summary>Where a column begins, for columns that stand on each other.</summary>
    public double From { get; init; }

    /// <summary>Its colour: good, bad, warn, neutral or soft.</summary>
    public string Colour { get; init; } = "neutral";
}

/// <summary>
/// Draws charts as SVG. They are a few rectangles and lines: the libraries that draw charts bring native code of tens of megabytes, or a script.
/// </summary>
internal static class Chart
{
    private const double Width = 720, Height = 240, Left = 64, Right = 8, Top = 22, Bottom = 42;

    // A label of a time takes as much.
    private const double LabelWidth = 96;

    private const int MostLetters = 14;

    /// <summary>Columns beside each other.</summary>
    /// <param name="title">What the chart shows, for those who do not see it.</param>
    /// <param name="points">The columns.</param>
    /// <param name="number">Writes a number on the axis.</param>
    /// <param name="limit">A line across the chart; null for none.</param>
    public static XElement Columns(string title, IReadOnlyList<ChartPoint> points, Func<double, string> number, double? limit = null)
    {
        var axis = Axis.Of(points.Max(point => Math.Max(point.From, point.From + (point.Value ?? 0))), limit ?? 0);
        double step = (Width - Left - Right) / points.Count;
        var marks = new List<object>();
        for (int i = 0; i < points.Count; i++)
        {
            var point = points[i];
            double from = axis.Y(point.From), to = axis.Y(point.From + (point.Value ?? 0));
            marks.Add(Html.Classed(
                "rect",
                "mark-" + point.Colour,
                At("x", Left + (step * i) + (step * 0.12)),
                At("y", Math.Min(from, to)),
                At("width", step * 0.76),
                At("height", Math.Max(Math.Abs(from - to), point.Value is null or 0 ? 0 : 1)),
                Html.Of("title", $"{point.Label}: {point.Text}")));
            if (step >= LabelWidth) marks.Add(Label(Left + (step * (i + 0.5)), Math.Min(from, to) - 5, point.Text, "middle"));
        }

        if (limit is { } line) marks.Add(Line("limit", Left, axis.Y(line), Width - Right, axis.Y(line)));
        return Frame(title, points, axis, number, marks, i => Left + (step * (i + 0.5)));
    }

    /// <summary>A curve through points. Where a value is not known the curve has a gap.</summary>
    /// <inheritdoc cref="Columns"/>
    public static XElement Curve(string title, IReadOnlyList<ChartPoint> points, Func<double, string> number)
    {
        var axis = Axis.Of(points.Max(point => point.Value ?? 0), 0);
        double step = (Width - Left - Right) / points.Count;
        double X(int i) => Left + (step * (i + 0.5));
        var marks = new List<object>();
        var path = new List<string>();
        bool isDrawing = false;
        for (int i = 0; i < points.Count; i++)
        {
            if (points[i].Value is not { } value)
            {
                isDrawing = false;
                continue;
            }

            path.Add($"{(isDrawing ? 'L' : 'M')}{Text(X(i))} {Text(axis.Y(value))}");
            isDrawing = true;
            marks.Add(Html.Classed("circle", "mark-neutral", At("cx", X(i)), At("cy", axis.Y(value)), At("r", 4), Html.Of("title", $"{points[i].Label}: {points[i].Text}")));
        }

        marks.Insert(0, Html.Classed("path", "curve", Html.Attribute("d", string.Join(' ', path))));
        return Frame(title, points, axis, number, marks, X);
    }

    private static XElement Frame(string title, IReadOnlyList<ChartPoint> points, Axis axis, Func<double, string> number, List<object> marks, Func<int, double> x)
    {
        var lines = axis.Steps.SelectMany(step => new[]
        {
            Line("axis", Left - 4, axis.Y(step), Left, axis.Y(step)),
            Label(Left - 8, axis.Y(step) + 4, number(step), "end"),
        });
        int every = Math.Max(1, (int)Math.Ceiling(points.Count / ((Width - Left - Right) / LabelWidth)));
        var labels = points.Select((point, i) => (point, i)).Where(pair => pair.i % every == 0).Select(pair => AxisLabel(x(pair.i), pair.point.Label));
        return Html.Scrolling(title, Html.Of(
            "svg",
            Html.Attribute("viewBox", $"0 0 {Width} {Height}"),
            Html.Attribute("role", "img"),
            Html.Attribute("aria-label", title),
            Line("axis", Left, Top, Left, axis.Y(0)),
            Line("axis", Left, axis.Y(0), Width - Right, axis.Y(0)),
            lines,
            labels,
            marks));
    }

    private static XElement Line(string @class, double x1, double y1, double x2, double y2) =>
        Html.Classed("line", @class, At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2));

    private static XElement Label(double x, double y, string text, string anchor) =>
        Html.Of("text", At("x", x), At("y", y), Html.Attribute("text-anchor", anchor), text);

    // A long label stands in two lines, so that it does not run into the next one.
    private static XElement AxisLabel(double x, string text)
    {
        int space = text.Length > MostLetters ? text.LastIndexOf(' ', MostLetters) : -1;
        if (space < 0) return Label(x, Height - 24, text, "middle");
        return Html.Of(
            "text",
            Html.Attribute("text-anchor", "middle"),
            Html.Of("tspan", At("x", x), At("y", Height - 24), text[..space]),
            Html.Of("tspan", At("x", x), At("y", Height - 8), text[(space + 1)..]));
    }

    private static XAttribute At(string name, double value) => Html.Attribute(name, Text(value));

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The upright axis: from 0 to a round number.</summary>
    /// <param name="Most">Its end.</param>
    /// <param name="Steps">Where it has lines.</param>
    private sealed record Axis(double Most, IReadOnlyList<double> Steps)
    {
        public static Axis Of(double highest, double limit)
        {
            double most = Math.Max(Math.Max(highest, limit), 1);
            double power = Math.Pow(10, Math.Floor(Math.Log10(most)));
            double step = new[] { 0.2, 0.5, 1, 2, 5 }.Select(factor => factor * power).First(size => most / size <= 5);
            if (step < 1) step = 1;
            int steps = (int)Math.Ceiling(most / step);
            return new Axis(steps * step, [.. Enumerable.Range(0, steps + 1).Select(i => i * step)]);
        }

        public double Y(double value) => Height - Bottom - (value / Most * (Height - Top - Bottom));
    }
}
