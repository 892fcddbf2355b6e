using System.Globalization;
using System.Text.RegularExpressions;

namespace SegmentPush.Marketo;

/// <summary>How a user names a folder: by id (<c>42</c>, <c>Folder:42</c>, <c>Program:1001</c>), or a folder's name.</summary>
/// <param name="Id">Id; null where it is named by name.</param>
/// <param name="Type">Whose id it is.</param>
/// <param name="Name">Name; null where it is named by id.</param>
internal sealed partial record FolderReference(long? Id, FolderType Type, string? Name)
{
    /// <summary>Reads a reference.</summary>
    /// <exception cref="SegmentPushException">It is empty, or an address (<c>InvalidFolder</c>).</exception>
    public static FolderReference Parse(string text)
    {
        const string Forms = "Give its id, such as 42 (a program's as Program:1001), or its name.";
        string trimmed = text.Trim();
        if (trimmed.Length == 0) throw new SegmentPushException("InvalidFolder", "The folder is empty.", Forms);

        var match = IdForm().Match(trimmed);
        if (match.Success && long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0)
        {
            bool isProgram = match.Groups["type"].Value.Equals(nameof(FolderType.Program), StringComparison.OrdinalIgnoreCase);
            return new FolderReference(id, isProgram ? FolderType.Program : FolderType.Folder, null);
        }

        return trimmed.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            ? throw new SegmentPushException("InvalidFolder", "A folder cannot be given by its address.", Forms, trimmed)
            : new FolderReference(null, FolderType.Folder, trimmed);
    }

    /// <summary>Finds the folder in an instance.</summary>
    /// <exception cref="SegmentPushException"><c>FolderNotFound</c>, <c>FolderAmbiguous</c>.</exception>
    public async Task<Folder> ResolveAsync(Folders folders, CancellationToken cancellation)
    {
        if (Id is { } id)
        {
            return await folders.FindAsync(id, Type, cancellation).ConfigureAwait(false) ?? throw new SegmentPushException(
                "FolderNotFound",
                Type == FolderType.Program
                    ? (MessageText)$"This Marketo instance has no program {id} that the API-only user may see."
                    : $"This Marketo instance has no folder {id} that the API-only user may see.",
                Type == FolderType.Program
                    ? (MessageText)"Check the number in the program's address in Marketo, and the user's workspaces."
                    : "Check the number in the folder's address in Marketo, and the user's workspaces; a program is given as Program: and its id.",
                ToString());
        }

        var named = await folders.FindByNameAsync(Name!, cancellation).ConfigureAwait(false);
        return named.Count switch
        {
            1 => named[0],
            0 => throw new SegmentPushException(
                "FolderNotFound",
                $"This Marketo instance has no folder named '{Name}' that the API-only user may see.",
                "Check the name and the user's workspaces, or give the folder's id; a program is given as Program: and its id.",
                Name),
            _ => throw new SegmentPushException(
                "FolderAmbiguous",
                $"{named.Count} folders are named '{Name}': {string.Join(", ", named)}.",
                "Give the id of the one you mean, such as Folder:42.",
                Name),
        };
    }

    /// <summary>The reference as it can be read again.</summary>
    public override string ToString() => Id is { } id ? string.Create(CultureInfo.InvariantCulture, $"{Type}:{id}") : Name!;

    [GeneratedRegex(@"\A(?:(?<type>Folder|Program)\s*:\s*)?(?<id>[0-9]{1,18})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex IdForm();
}
