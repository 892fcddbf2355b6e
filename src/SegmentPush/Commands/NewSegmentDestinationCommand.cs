using System.Globalization;
using System.Management.Automation;
using SegmentPush.Completion;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Parameters;
using SegmentPush.Pushes;

namespace SegmentPush.Commands;

/// <summary>Saves under a name where the people of a segment go, and how.</summary>
[Cmdlet(VerbsCommon.New, "SegmentDestination", SupportsShouldProcess = true)]
[OutputType(typeof(SegmentDestination))]
public sealed class NewSegmentDestinationCommand : SegmentDestinationCommand
{
    /// <summary>Name of the destination.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [NotBlank]
    public string Name { get; set; } = string.Empty;

    /// <summary>The list: id, ST1021, ST1021A1, its address in Marketo's UI, or its name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowEmptyString]
    [StaticListTransformation]
    [ArgumentCompleter(typeof(StaticListCompleter))]
    public string StaticList { get; set; } = string.Empty;

    /// <summary>Which column fills which field.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [AllowNull]
    [AllowEmptyCollection]
    [NotBlank]
    [MappingTransformation]
    [ArgumentCompleter(typeof(MappingCompleter))]
    public SegmentMapping[] Mapping { get; set; } = [];

    /// <summary>Creates the list.</summary>
    [Parameter]
    public SwitchParameter CreateList { get; set; }

    /// <summary>Folder or program that a new list will lie in: an id, or a folder's name.</summary>
    [Parameter]
    [NotBlank]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? Folder { get; set; }

    private protected override void Process()
    {
        var list = CheckedList();
        var destination = DestinationCheck.Checked(With(new SegmentDestination
        {
            Name = Name,
            Instance = string.Empty,
            StaticListId = list.Id ?? 0,
            StaticListName = list.Name ?? string.Empty,
            Mapping = Mapping,
            ExistingPeople = PushOptions.DefaultFor(PersonCreation),
            TimeZone = DestinationSchedule.LocalZone,
        }));
        using var journal = OpenJournal();
        if (journal.Destinations.Find(destination.Name) is { } taken)
        {
            throw new SegmentPushException(
                "DestinationExists",
                $"There is a destination '{taken.Name}' already.",
                "Change it with Set-SegmentDestination, or choose another name.",
                taken.Name);
        }

        destination = WithAudience(destination);
        var connection = Connect(destination);
        list.CheckInstance(connection.StaticLists);
        if (CreateList) SaveWithNewList(journal, connection, destination);
        else Save(journal, connection, destination);
    }

    private void Save(PushJournal journal, MarketoConnection connection, SegmentDestination destination)
    {
        var complete = Await(connection, stop => DestinationCheck.CheckedAsync(destination, connection, stop));
        foreach (var warning in DestinationCheck.WarningsOf(journal, complete)) WriteWarning(warning);
        MessageText list = $"static list '{complete.StaticListName}' ({complete.StaticListId})";
        if (!ShouldProcess($"destination '{complete.Name}': {list} of {complete.Instance}", "Create")) return;
        WriteObject(SavedDestinations.Save(journal, complete, journal.Now));
    }

    private void SaveWithNewList(PushJournal journal, MarketoConnection connection, SegmentDestination destination)
    {
        var reference = FolderReference.Parse(Folder!);
        var folder = Await(connection, stop => reference.ResolveAsync(connection.Folders, stop));
        var complete = Await(connection, stop => DestinationCheck.CheckedWithoutListAsync(destination, folder, connection, stop));
        MessageText list = $"static list '{complete.StaticListName}' in {folder} of {complete.Instance}";
        if (!ShouldProcess($"destination '{complete.Name}', and for it {list}", "Create")) return;
        var made = Await(connection, stop => connection.StaticLists.CreateAsync(complete.StaticListName, folder, complete.Description, stop));
        WriteObject(SavedDestinations.Save(
            journal, complete with { StaticListId = made.Id, StaticListName = made.Name }, journal.Now));
    }

    private StaticListReference CheckedList()
    {
        if (CreateList != Folder is not null)
        {
            throw CreateList
                ? new SegmentPushException("FolderMissing", "-CreateList does not say where the list is to lie.", "Give a folder or a program with -Folder.")
                : new SegmentPushException("CreateListMissing", "-Folder is for a new list, and none is to be created.", "Give -CreateList too, or leave -Folder out.");
        }

        var list = StaticListReference.Parse(StaticList);
        if (!CreateList || list.Id is not { } id) return list;
        throw new SegmentPushException(
            "InvalidStaticList",
            $"-CreateList takes the name of a new list, and '{StaticList}' stands for the list with the id {id}.",
            "Give a name, or leave -CreateList out where the list exists.",
            StaticList);
    }
}
