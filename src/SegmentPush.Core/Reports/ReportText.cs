using System.Globalization;
using System.Resources;

namespace SegmentPush.Reports;

/// <summary>The texts of reports in one language: those of <c>ReportText.resx</c> and its translations.</summary>
/// <param name="culture">The language, and how numbers and times are written.</param>
internal sealed class ReportText(CultureInfo culture)
{
    /// <summary>All texts.</summary>
    public static ResourceManager Resources { get; } = new("SegmentPush.Reports.ReportText", typeof(ReportText).Assembly);

    /// <summary>A text.</summary>
    public string this[string key] => Resources.GetString(key, culture) ?? throw new InvalidOperationException($"There is no text '{key}'.");

    /// <summary>A text with values.</summary>
    public string Of(string key, params object?[] values) => string.Format(culture, this[key], values);

    /// <summary>A number of people, rows or calls.</summary>
    public string Number(long number) => Plain(number.ToString("N0", culture));

    /// <summary>A share, from 0 to 1, in percent.</summary>
    public string Percent(double share) => Plain(share.ToString(share is > 0 and < 0.01 or > 0.99 and < 1 ? "P2" : "P0", culture));

    /// <summary>A moment, in the time of this machine.</summary>
    public string Moment(DateTimeOffset moment) => Plain(moment.ToLocalTime().ToString("g", culture));

    /// <summary>A moment with its second, in the time of this machine.</summary>
    public string MomentToTheSecond(DateTimeOffset moment) => Plain(moment.ToLocalTime().ToString("G", culture));

    /// <summary>The time of day of a moment, in the time of this machine.</summary>
    public string Clock(DateTimeOffset moment) => Plain(moment.ToLocalTime().ToString("T", culture));

    /// <summary>The day of a moment, in the time of this machine.</summary>
    public string Date(DateTimeOffset moment) => Plain(moment.ToLocalTime().ToString("d", culture));

    /// <summary>A day.</summary>
    public string Day(DateTime day) => Plain(day.ToString("d", culture));

    /// <summary>A length of time, such as <c>1:02:03</c>, or <c>0.4 s</c>.</summary>
    public string Duration(TimeSpan duration) => duration < TimeSpan.FromMinutes(1)
        ? duration.TotalSeconds.ToString("0.#", culture) + " s"
        : string.Create(culture, $"{(long)duration.TotalHours}:{duration.Minutes:00}:{duration.Seconds:00}");

    /// <summary>The state of a push.</summary>
    public string State(PushState state) => this["State" + state];

    // Many cultures write numbers and times with spaces that do not break. A page shows such characters by their numbers, because they hide in names.
    private static string Plain(string written) => written.Replace('\u00A0', ' ').Replace('\u202F', ' ');
}
