using System.Globalization;
using SegmentPush.Marketo;

namespace SegmentPush.Completion;

/// <summary>Offers folders of the connected instance by name, and programs and folders whose name is not the only one by id.</summary>
public sealed class FolderCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        var folders = InstanceCompletion.Folders(line);
        var several = folders.GroupBy(folder => folder.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var folder in folders)
        {
            string number = string.Create(CultureInfo.InvariantCulture, $"{folder.Type}:{folder.Id}");
            bool byName = folder.Type == FolderType.Folder && !several.Contains(folder.Name);
            if (byName) yield return new Candidate(folder.Name, $"{number} {folder.Path}");
            else if (line.IsBegun(folder.Name) || line.IsBegun(number)) yield return new Candidate(number, $"{folder.Name} {folder.Path}", $"{number} {folder.Name}");
        }
    }
}
