using System.Globalization;
using System.Text.Json;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>Static lists as assets, and the folders and programs that they are in.</summary>
internal sealed class AssetEndpoints(PersonStore store, Action<string> violation)
{
    private const int MostReturned = 200;
    private const int UsuallyReturned = 20;
    private const int UsualDepth = 2;
    private const string Workspace = "Default";

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", "/rest/asset/v1/staticLists.json", ["folder", "offset", "maxReturn", "earliestUpdatedAt", "latestUpdatedAt"], Lists);
        yield return new Endpoint("POST", "/rest/asset/v1/staticLists.json", ["name", "folder", "description"], Create) { Permission = Permission.ReadWriteAssets };
        yield return new Endpoint("GET", "/rest/asset/v1/staticList/{id}.json", [], call => Lists(call, list => list.Id == call.PathId));
        yield return new Endpoint("GET", "/rest/asset/v1/staticList/byName.json", ["name"], ListByName);
        yield return new Endpoint("GET", "/rest/asset/v1/folder/byName.json", ["name", "type", "root", "workSpace"], FolderByName);
        yield return new Endpoint("GET", "/rest/asset/v1/folder/{id}.json", ["type"], FolderById);
        yield return new Endpoint("GET", "/rest/asset/v1/folders.json", ["root", "maxDepth", "maxReturn", "offset", "workSpace"], Folders);
    }

    private Reply Lists(Call call)
    {
        var (offset, count) = PageOf(call);
        var folder = call.Parameter("folder") is { } text ? (Reference?)ReferenceOf(text, "folder") : null;
        var earliest = TimeOf(call, "earliestUpdatedAt") ?? DateTimeOffset.MinValue;
        var latest = TimeOf(call, "latestUpdatedAt") ?? DateTimeOffset.MaxValue;
        return Lists(
            call,
            list => (folder is not { } its || (list.Folder.Id == its.Id && list.Folder.Type == its.Type)) && list.CreatedAt >= earliest && list.CreatedAt <= latest,
            offset,
            count);
    }

    private Reply ListByName(Call call)
    {
        string name = Required(call, "name");
        return Lists(call, list => list.Name == name);
    }

    private Reply Lists(Call call, Func<StaticList, bool> isWanted, int offset = 0, int count = MostReturned)
    {
        lock (store.Gate) return Found(call, [.. store.Lists.Where(isWanted).Skip(offset).Take(count)], Write);
    }

    private Reply Create(Call call)
    {
        if (!call.HasForm) throw new Refusal("612", "Invalid Content Type");
        if (call.Query.Length > 0) violation("Parameters of a new static list in a URL");
        string name = Required(call, "name");
        var reference = ReferenceOf(Required(call, "folder"), "folder");
        lock (store.Gate)
        {
            var folder = store.FindFolder(reference.Id, reference.Type) ?? throw new Refusal("702", $"{reference.Type} '{reference.Id}' not found");
            if (store.Lists.Any(list => list.Folder == folder && string.Equals(list.Name, name, StringComparison.OrdinalIgnoreCase)))
                throw new Refusal("709", $"Static list '{name}' already exists in '{folder.Path}'");
            var created = store.AddList(name, folder, description: call.Parameter("description"));
            return Reply.Success(call, json => Write(json, created));
        }
    }

    private Reply FolderById(Call call)
    {
        string type = TypeOf(Required(call, "type"));
        return Folders(call, folder => folder.Id == call.PathId && folder.Type == type);
    }

    private Reply FolderByName(Call call)
    {
        string name = Required(call, "name");
        string? type = call.Parameter("type") is { } given ? TypeOf(given) : null;
        var root = RootOf(call);
        return Folders(
            call,
            folder => folder.Name == name && (type is null || folder.Type == type) && (root is null || folder.DepthUnder(root) is not null) && IsInWorkspace(call));
    }

    private Reply Folders(Call call)
    {
        var (offset, count) = PageOf(call);
        int depth = Number(call, "maxDepth") ?? UsualDepth;
        var root = RootOf(call);
        return Folders(call, folder => folder.DepthUnder(root) is >= 1 and var under && under <= depth && IsInWorkspace(call), offset, count);
    }

    private Reply Folders(Call call, Func<Folder, bool> isWanted, int offset = 0, int count = MostReturned)
    {
        lock (store.Gate) return Found(call, [.. store.Folders.Where(isWanted).Skip(offset).Take(count)], Write);
    }

    private Folder? RootOf(Call call)
    {
        if (call.Parameter("root") is not { } text) return null;
        var root = ReferenceOf(text, "root");
        lock (store.Gate) return store.FindFolder(root.Id, root.Type) ?? throw new Refusal("702", $"{root.Type} '{root.Id}' not found");
    }

    private static bool IsInWorkspace(Call call) => call.Parameter("workSpace") is null or Workspace;

    private static (int Offset, int Count) PageOf(Call call)
    {
        int count = Number(call, "maxReturn") ?? UsuallyReturned;
        return count is >= 1 and <= MostReturned
            ? (Number(call, "offset") ?? 0, count)
            : throw new Refusal("1003", $"maxReturn must be between 1 and {MostReturned}");
    }

    private static int? Number(Call call, string name)
    {
        if (call.Parameter(name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new Refusal("1001", $"Invalid value '{text}' of '{name}'. Required of type 'Integer'");
    }

    private static DateTimeOffset? TimeOf(Call call, string name)
    {
        if (call.Parameter(name) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new Refusal("704", $"Invalid date '{text}'");
    }

    private static string Required(Call call, string name) =>
        call.Parameter(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw new Refusal("701", $"{name} cannot be blank");

    private static string TypeOf(string type) =>
        type is "Folder" or "Program" ? type : throw new Refusal("1001", $"Invalid value '{type}' of 'type'. Required of type 'Folder' or 'Program'");

    private static Reference ReferenceOf(string text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number)
                && root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
            {
                return new Reference(number, TypeOf(type.GetString()!));
            }
        }
        catch (JsonException)
        {
            // Refused like JSON that is something else.
        }

        throw new Refusal("1001", $$"""Invalid value of '{{name}}'. Required of type '{"id":…,"type":…}'""");
    }

    private static Reply Found<T>(Call call, IReadOnlyList<T> found, Action<Utf8JsonWriter, T> write) =>
        found.Count == 0
            ? Reply.NoAssets(call)
            : Reply.Success(call, json =>
            {
                foreach (var item in found) write(json, item);
            });

    private static void Write(Utf8JsonWriter json, StaticList list)
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"https://app-sbx.marketo.com/#ST{list.Id}A1");
        json.WriteStartObject();
        json.WriteNumber("id", list.Id);
        json.WriteString("name", list.Name);
        json.WriteString("description", list.Description ?? "");
        WriteTimes(json, list.CreatedAt);
        json.WriteString("url", address);
        WriteReference(json, "folder", list.Folder);
        json.WriteString("workspace", Workspace);
        json.WriteString("computedUrl", address);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Folder folder)
    {
        json.WriteStartObject();
        json.WriteString("name", folder.Name);
        json.WriteString("description", "");
        WriteTimes(json, folder.CreatedAt);
        json.WriteString("url", string.Create(CultureInfo.InvariantCulture, $"https://app-sbx.marketo.com/#{(folder.IsProgram ? "ME" : "MF")}{folder.Id}A1"));
        WriteReference(json, "folderId", folder);
        json.WriteString("folderType", folder.Kind);
        if (folder.Parent is { } parent) WriteReference(json, "parent", parent);
        json.WriteString("path", folder.Path);
        json.WriteBoolean("isArchive", false);
        json.WriteBoolean("isSystem", folder.Parent is null);
        json.WriteNumber("accessZoneId", 1);
        json.WriteString("workspace", Workspace);
        json.WriteNumber("id", folder.Id);
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, string name, Folder folder)
    {
        json.WriteStartObject(name);
        json.WriteNumber("id", folder.Id);
        json.WriteString("type", folder.Type);
        json.WriteEndObject();
    }

    // Adobe's assets end their times like this.
    private static void WriteTimes(Utf8JsonWriter json, DateTimeOffset time)
    {
        string text = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z+0000'", CultureInfo.InvariantCulture);
        json.WriteString("createdAt", text);
        json.WriteString("updatedAt", text);
    }

    private readonly record struct Reference(int Id, string Type);
}
