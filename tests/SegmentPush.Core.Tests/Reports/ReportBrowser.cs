using Microsoft.Playwright;

namespace SegmentPush.Core.Tests.Reports;

/// <summary>A Chromium without a window: the one that the system has installed.</summary>
public sealed class ReportBrowser : IAsyncLifetime
{
    private const string Missing = "Chromium is not installed (apt-get install chromium), so nobody has looked at the reports.";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens a file as a person does, without a network. Where there is no Chromium the test is skipped; with CI=true on Linux it fails.</summary>
    public async Task<IPage> OpenAsync(string file, int width, ColorScheme scheme)
    {
        if (_browser is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true" && OperatingSystem.IsLinux(), Missing);
            throw new InvalidOperationException(Missing);
        }

        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            // What a test asks of the page is a script; the page itself permits none.
            BypassCSP = true,
            ColorScheme = scheme,
            Offline = true,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        return page;
    }

    public async ValueTask InitializeAsync()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (program is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
