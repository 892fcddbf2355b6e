// Makes the help that Get-Help shows: HelpBuilder <culture> <folder of docs> <MAML file> [<about topic>=<page> ...]
using SegmentPush.HelpBuilder;

if (args.Length < 3 || HelpWords.For(args[0]) is not { } words)
{
    Console.Error.WriteLine($"Usage: HelpBuilder <{string.Join('|', HelpWords.Cultures)}> <folder of docs> <MAML file> [<about topic>=<page> ...]");
    return 2;
}

try
{
    string folder = Path.GetDirectoryName(Path.GetFullPath(args[2]))!;
    var pages = Directory.GetFiles(Path.Combine(args[1], "cmdlets"), "*.md").Order(StringComparer.Ordinal).Select(CmdletPage.Read).ToArray();
    Directory.CreateDirectory(folder);
    foreach (string topic in args[3..])
    {
        var (name, page) = topic.Split('=', 2) is [var left, var right] ? (left, right) : throw new FormatException($"'{topic}' names no page.");
        File.WriteAllText(Path.Combine(folder, $"{name}.help.txt"), AboutTopic.Of(name, File.ReadAllText(Path.Combine(args[1], page)), words));
    }

    // Last: the build looks at this file to see whether all were made.
    MamlWriter.Write(args[2], pages, words);
    return 0;
}
catch (FormatException error)
{
    // The form in which MSBuild shows an error.
    Console.Error.WriteLine($"HelpBuilder : error HELP0001: {error.Message}");
    return 1;
}
