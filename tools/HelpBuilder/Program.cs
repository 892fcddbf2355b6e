// Makes the help that Get-Help shows: HelpBuilder <folder of cmdlets' pages> <MAML file> [<about topic>=<page> ...]
using SegmentPush.HelpBuilder;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: HelpBuilder <folder of cmdlets' pages> <MAML file> [<about topic>=<page> ...]");
    return 2;
}

try
{
    string folder = Path.GetDirectoryName(Path.GetFullPath(args[1]))!;
    var pages = Directory.GetFiles(args[0], "*.md").Order(StringComparer.Ordinal).Select(CmdletPage.Read).ToArray();
    Directory.CreateDirectory(folder);
    foreach (string topic in args[2..])
    {
        var (name, page) = topic.Split('=', 2) is [var left, var right] ? (left, right) : throw new FormatException($"'{topic}' names no page.");
        File.WriteAllText(Path.Combine(folder, $"{name}.help.txt"), AboutTopic.Of(name, File.ReadAllText(page)));
    }

    // Last: the build looks at this file to see whether all were made.
    MamlWriter.Write(args[1], pages);
    return 0;
}
catch (FormatException error)
{
    // The form in which MSBuild shows an error.
    Console.Error.WriteLine($"HelpBuilder : error HELP0001: {error.Message}");
    return 1;
}
