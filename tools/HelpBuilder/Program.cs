// Makes the help that Get-Help shows out of the cmdlets' pages: HelpBuilder <folder of pages> <MAML file>
using SegmentPush.HelpBuilder;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: HelpBuilder <folder of pages> <MAML file>");
    return 2;
}

try
{
    var pages = Directory.GetFiles(args[0], "*.md").Order(StringComparer.Ordinal).Select(CmdletPage.Read).ToArray();
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
    MamlWriter.Write(args[1], pages);
    return 0;
}
catch (FormatException error)
{
    // The form in which MSBuild shows an error.
    Console.Error.WriteLine($"HelpBuilder : error HELP0001: {error.Message}");
    return 1;
}
