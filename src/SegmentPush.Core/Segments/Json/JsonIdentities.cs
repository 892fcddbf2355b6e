using System.Text.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>Chooses one of a list of identities: the primary one, else the first one that has an id.</summary>
/// <param name="cells">Take the id.</param>
internal sealed class JsonIdentities(RowCells cells)
{
    private static readonly KeyName s_id = new("id", isExact: false);
    private static readonly KeyName s_primary = new("primary", isExact: false);
    private static readonly KeyName s_namespace = new("namespace", isExact: false);
    private static readonly KeyName s_code = new("code", isExact: false);
    private static readonly KeyName s_true = new("true", isExact: false);

    private const int None = -1;

    /// <summary>Reads a list of identities, or one.</summary>
    /// <returns>False where the bytes end before the value does.</returns>
    public bool TryTake(ref Utf8JsonReader reader, JsonTarget target)
    {
        var again = reader;
        if (!TryChoose(ref again, target, out int chosen)) return false;
        if (chosen == None) return true;
        if (reader.TokenType == JsonTokenType.StartArray) reader.Read();
        for (int i = 0; i < chosen; i++)
        {
            _ = reader.TrySkip() && reader.Read();
        }

        TakeId(ref reader, target);
        return true;
    }

    // The number of the identity to take.
    private bool TryChoose(ref Utf8JsonReader reader, JsonTarget target, out int chosen)
    {
        chosen = None;
        bool isList = reader.TokenType == JsonTokenType.StartArray;
        if (isList && !reader.Read()) return false;
        bool isPrimary = false;
        for (int i = 0; reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (!TryRead(ref reader, target.Namespace, out var identity)) return false;
            if (identity is { HasId: true, IsTwice: true }) cells.Reject(cells.FaultsOf(target.IdentityCell).IsTwice);
            if (identity.IsCandidate && (chosen == None || (identity.IsPrimary && !isPrimary))) (chosen, isPrimary) = (i, identity.IsPrimary);
            if (!isList) return true;
            if (!reader.Read()) return false;
        }

        return true;
    }

    private static bool TryRead(ref Utf8JsonReader reader, KeyName? wanted, out Identity identity)
    {
        // Some lists hold the ids themselves, which say nothing of a namespace.
        identity = new Identity { HasId = IsFilled(ref reader), IsOfNamespace = wanted is null };
        if (reader.TokenType != JsonTokenType.StartObject) return reader.TrySkip();
        int marks = 0, namespaces = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                identity.IsTwice = namespaces > 1 || (marks > 1 && identity.IsOfNamespace);
                return true;
            }

            var name = JsonNames.Read(ref reader);
            bool isPlain = KeyName.IsPlain(name);
            bool isId = s_id.Matches(name, isPlain), isMark = s_primary.Matches(name, isPlain), isNamespace = s_namespace.Matches(name, isPlain);
            if (!reader.Read()) return false;
            if (isId) identity.HasId |= IsFilled(ref reader);
            if (isMark) marks++;
            if (isNamespace && wanted is not null) namespaces++;
            if (isMark) identity.IsPrimary = reader.TokenType == JsonTokenType.True || IsText(ref reader, s_true);
            if (!isNamespace || wanted is null)
            {
                if (!reader.TrySkip()) return false;
            }
            else if (!TryReadCode(ref reader, wanted, ref identity))
            {
                return false;
            }
        }

        return false;
    }

    // The namespace is an object with a code, or the code itself.
    private static bool TryReadCode(ref Utf8JsonReader reader, KeyName wanted, ref Identity identity)
    {
        identity.IsOfNamespace = IsText(ref reader, wanted);
        if (reader.TokenType != JsonTokenType.StartObject) return reader.TrySkip();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject) return true;
            var name = JsonNames.Read(ref reader);
            bool isCode = s_code.Matches(name, KeyName.IsPlain(name));
            if (!reader.Read()) return false;
            if (isCode) identity.IsOfNamespace = IsText(ref reader, wanted);
            if (!reader.TrySkip()) return false;
        }

        return false;
    }

    // The whole identity has been read once.
    private void TakeId(ref Utf8JsonReader reader, JsonTarget target)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            JsonScalar.Take(ref reader, cells, target.IdentityCell);
            return;
        }

        bool isTaken = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonNames.Read(ref reader);
            bool isId = s_id.Matches(name, KeyName.IsPlain(name));
            reader.Read();
            if (isId && isTaken) cells.Reject(cells.FaultsOf(target.IdentityCell).IsTwice);
            else if (isId && IsFilled(ref reader)) JsonScalar.Take(ref reader, cells, target.IdentityCell);
            isTaken |= isId;
            _ = reader.TrySkip();
        }
    }

    private static bool IsText(ref Utf8JsonReader reader, KeyName wanted)
    {
        if (reader.TokenType != JsonTokenType.String) return false;
        var text = JsonNames.Read(ref reader);
        return wanted.Matches(text, KeyName.IsPlain(text));
    }

    private static bool IsFilled(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.ValueSpan.Length > 0,
        JsonTokenType.Number => true,
        _ => false,
    };

    private struct Identity
    {
        public bool HasId;
        public bool IsPrimary;
        public bool IsOfNamespace;

        // Its mark or its namespace stands there twice.
        public bool IsTwice;

        public readonly bool IsCandidate => HasId && IsOfNamespace;
    }
}
