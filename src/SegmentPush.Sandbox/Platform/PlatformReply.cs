using System.Text.Json.Nodes;

namespace SegmentPush.Sandbox.Platform;

/// <summary>Answers in the forms of Experience Platform's services.</summary>
internal static class PlatformReply
{
    /// <summary>An answer in JSON.</summary>
    public static Reply Json(JsonNode body, int status = 200) => Reply.Text(status, "application/json", body.ToJsonString());

    /// <summary>A refusal of the gateway.</summary>
    public static Reply Gateway(int status, string code, string message) =>
        Json(new JsonObject { ["error_code"] = code, ["message"] = message }, status) with { Code = code };

    /// <summary>A refusal of the segmentation service.</summary>
    public static Reply Segmentation(string requestId, int status, string code, string message) => Json(
        new JsonObject
        {
            ["requestId"] = requestId,
            ["errors"] = new JsonObject
            {
                [status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }),
            },
            ["type"] = "https://ns.adobe.com/aep/errors/" + code,
            ["title"] = message,
            ["status"] = status,
        },
        status) with { Code = code };

    /// <summary>A refusal of the catalog.</summary>
    public static Reply Catalog(int status, string title, string detail) => Json(
        new JsonObject { ["type"] = "/placeholder/type/uri", ["status"] = status, ["title"] = title, ["detail"] = detail }, status) with { Code = title };
}

/// <summary>A call is refused.</summary>
internal sealed class PlatformRefusal(Reply reply) : Exception
{
    public Reply Reply => reply;
}
