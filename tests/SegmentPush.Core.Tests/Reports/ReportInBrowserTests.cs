using System.Globalization;
using Microsoft.Playwright;
using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Journal;
using SegmentPush.Reports;

namespace SegmentPush.Core.Tests.Reports;

/// <summary>What a person sees of a report in a browser: on a telephone and on a screen, by day and by night, in both languages.</summary>
public sealed class ReportInBrowserTests(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    // Contrast of each visible text with what lies behind it, as WCAG 2 counts it.
    private const string LowContrast = """
        () => {
          const rgb = text => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let seen = 0;
          while (texts.nextNode()) {
            const e = texts.currentNode.parentElement;
            if (!texts.currentNode.data.trim() || !e.getClientRects().length || e.tagName === 'title') continue;
            const style = getComputedStyle(e), a = light(rgb(e.closest('svg') ? style.fill : style.color)), b = light(behind(e));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            seen++;
            if (ratio < 4.5) found.push(`${texts.currentNode.data}: ${ratio.toFixed(2)}`);
          }
          return seen < 30 ? [`Only ${seen} texts are seen.`] : found;
        }
        """;

    private const string BadLabels = """
        () => [...document.querySelectorAll('svg')].flatMap(svg => {
          const labels = [...svg.querySelectorAll('text')].map(e => ({ text: e.textContent, box: e.getBoundingClientRect() }));
          const small = labels.filter(one => one.box.height < 9).map(one => `${one.text} is small`);
          const over = labels.flatMap((a, i) => labels.slice(i + 1).filter(b => a.box.left < b.box.right && b.box.left < a.box.right && a.box.top + 2 < b.box.bottom && b.box.top + 2 < a.box.bottom)
            .map(b => `${a.text} runs into ${b.text}`));
          return [...small, ...over];
        })
        """;

    [Theory]
    [InlineData("en-US", 360, ColorScheme.Light)]
    [InlineData("en-US", 1440, ColorScheme.Dark)]
    [InlineData("fr-FR", 360, ColorScheme.Dark)]
    [InlineData("fr-FR", 1440, ColorScheme.Light)]
    public async Task A_report_is_readable(string language, int width, ColorScheme scheme)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        await fixture.PushAsync([.. Enumerable.Range(0, 1500).Select(i => $"p{i}@example.com,P,")]);
        string[] rows = [.. Enumerable.Range(10, 1500).Select(i => $"p{i}@example.com,P,"), "secret@,P,", "p10@example.com,P,"];
        var push = await fixture.PushFilesAsync([fixture.File(["email,first,segmentMembership.status", .. rows])], force: true);
        var text = new ReportText(CultureInfo.GetCultureInfo(language));
        using var journal = PushJournal.Open(fixture.Push.Journal);
        var now = DateTimeOffset.UtcNow;
        string[] pages =
        [
            new PushPage(PushReport.Read(journal, push, 500, CancellationToken.None), text, showsIdentities: false).Write(now),
            new DestinationPage(DestinationReport.Read(journal, fixture.Destination), text).Write(now),
        ];
        foreach (string written in pages)
        {
            string file = Path.Combine(fixture.Push.Folder, "report.html");
            await File.WriteAllTextAsync(file, written, TestContext.Current.CancellationToken);

            var page = await browser.OpenAsync(file, width, scheme);

            string seen = await page.Locator("body").InnerTextAsync();
            Assert.Contains("Webinar EMEA", seen, StringComparison.Ordinal);
            Assert.Contains(text.State(PushState.Completed), seen, StringComparison.Ordinal);
            Assert.Contains(text.Number(push.Received), seen, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("[U+", seen, StringComparison.Ordinal);
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width, "The page is wider than the window.");
            await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(one => one.open = true)");
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width, "The page with its tables is wider than the window.");
            Assert.Empty(await page.EvaluateAsync<string[]>(LowContrast));
            Assert.Empty(await page.EvaluateAsync<string[]>(BadLabels));
            await page.Context.CloseAsync();
        }
    }
}
