using Parquet;
using Parquet.Schema;

namespace SegmentPush.Sandbox.Platform;

/// <summary>Writes profiles as Parquet, in the form of the union schema: structs, and maps for identities and memberships.</summary>
internal static class ProfileFile
{
    /// <summary>Path of the consents of single addresses.</summary>
    public const string ConsentsOfAddresses = "consents.idSpecific";

    private const string Identities = "identityMap", Memberships = "segmentMembership";

    /// <summary>Writes a file.</summary>
    /// <param name="profiles">The profiles.</param>
    /// <param name="fields">Paths of the fields that it has.</param>
    /// <param name="membershipNamespace">Namespace of the memberships.</param>
    /// <param name="groupSize">Profiles in a row group.</param>
    public static async Task<ReadOnlyMemory<byte>> WriteAsync(
        IReadOnlyList<PlatformProfile> profiles, IReadOnlyList<string> fields, string membershipNamespace, int groupSize)
    {
        var schema = new ParquetSchema(FieldsOf(fields, ""));
        var bytes = new MemoryStream();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy };
        await using (var writer = await ParquetWriter.CreateAsync(schema, bytes, options, false, CancellationToken.None).ConfigureAwait(false))
        {
            foreach (var group in profiles.Chunk(groupSize))
            {
                using var rows = writer.CreateRowGroup();
                foreach (var column in schema.GetDataFields()) await WriteAsync(rows, column, group, fields, membershipNamespace).ConfigureAwait(false);
            }
        }

        return bytes.ToArray();
    }

    private static List<Field> FieldsOf(IReadOnlyList<string> paths, string prefix)
    {
        var made = new List<Field>();
        foreach (string name in paths.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Select(path => path[prefix.Length..].Split('.')[0]).Distinct())
        {
            string path = prefix + name;
            made.Add(
                path == Identities ? IdentityField()
                : path == Memberships ? MembershipField()
                : path == ConsentsOfAddresses ? ConsentField()
                : paths.Contains(path) ? new DataField<string>(name)
                : new StructField(name, [.. FieldsOf(paths, path + ".")]));
        }

        return made;
    }

    private static MapField IdentityField() => new(
        Identities,
        new DataField("key", typeof(string), false),
        new ListField("value", new StructField("element", new DataField<string>("id"), new DataField<string>("authenticatedState"), new DataField<bool?>("primary"))));

    private static MapField MembershipField() => new(
        Memberships,
        new DataField("key", typeof(string), false),
        new MapField(
            "value",
            new DataField("key", typeof(string), false),
            new StructField("value", new DataField<string>("status"), new DataField<DateTime?>("lastQualificationTime"))));

    private static MapField ConsentField() => new(
        "idSpecific",
        new DataField("key", typeof(string), false),
        new MapField(
            "value",
            new DataField("key", typeof(string), false),
            new StructField("value", new StructField("marketing", new StructField("email", new DataField<string>("val"))))));

    private static Task WriteAsync(ParquetRowGroupWriter rows, DataField column, PlatformProfile[] profiles, IReadOnlyList<string> fields, string membershipNamespace)
    {
        string path = column.Path.ToString();
        if (path.StartsWith(Identities + "/", StringComparison.Ordinal)) return WriteIdentitiesAsync(rows, column, profiles);
        if (path.StartsWith(Memberships + "/", StringComparison.Ordinal)) return WriteMembershipsAsync(rows, column, profiles, membershipNamespace);

        if (path.StartsWith("consents/idSpecific/", StringComparison.Ordinal)) return WriteConsentsAsync(rows, column, profiles, fields);

        string name = path.Replace('/', '.');
        var values = new Column<ReadOnlyMemory<char>>(column);
        foreach (var profile in profiles)
        {
            if (profile.Values.TryGetValue(name, out string? value)) values.Add(value.AsMemory(), 0);
            else values.AddMissing(DepthOf(profile, name, fields), 0);
        }

        return values.WriteAsync(rows);
    }

    // How many structs above a missing value the profile has: those that hold another value.
    private static int DepthOf(PlatformProfile profile, string name, IReadOnlyList<string> fields)
    {
        int depth = 0;
        for (int end = name.IndexOf('.', StringComparison.Ordinal); end >= 0; end = name.IndexOf('.', end + 1))
        {
            string prefix = name[..(end + 1)];
            bool hasConsents = prefix == "consents." && profile.EmailConsents.Count > 0;
            if (!hasConsents && !fields.Any(field => field.StartsWith(prefix, StringComparison.Ordinal) && profile.Values.ContainsKey(field))) break;
            depth++;
        }

        return depth;
    }

    private static Task WriteConsentsAsync(ParquetRowGroupWriter rows, DataField column, PlatformProfile[] profiles, IReadOnlyList<string> fields)
    {
        bool isNamespace = column.MaxRepetitionLevel == 1;
        var texts = new Column<ReadOnlyMemory<char>>(column);
        foreach (var profile in profiles)
        {
            if (profile.EmailConsents.Count == 0) texts.AddMissing(DepthOf(profile, ConsentsOfAddresses, fields), 0);
            else if (isNamespace) texts.Add("Email".AsMemory(), 0);
            else foreach (var (consent, i) in profile.EmailConsents.Select((consent, i) => (consent, i))) texts.Add((column.Name == "key" ? consent.Key : consent.Value).AsMemory(), i == 0 ? 0 : 2);
        }

        return texts.WriteAsync(rows);
    }

    private static Task WriteIdentitiesAsync(ParquetRowGroupWriter rows, DataField column, PlatformProfile[] profiles)
    {
        string leaf = column.Name;
        var texts = new Column<ReadOnlyMemory<char>>(column);
        var flags = new Column<bool>(column);
        foreach (var profile in profiles)
        {
            int level = 0;
            foreach (var (name, identities) in profile.Identities)
            {
                if (leaf == "key") texts.Add(name.AsMemory(), level);
                else AddIdentities(identities, leaf, level, texts, flags);
                level = 1;
            }

            if (level == 0 && leaf == "primary") flags.AddMissing(0, 0);
            else if (level == 0) texts.AddMissing(0, 0);
        }

        return leaf == "primary" ? flags.WriteAsync(rows) : texts.WriteAsync(rows);
    }

    private static void AddIdentities(
        IReadOnlyList<PlatformIdentity> identities, string leaf, int level, Column<ReadOnlyMemory<char>> texts, Column<bool> flags)
    {
        foreach (var identity in identities)
        {
            if (leaf == "primary") flags.Add(identity.IsPrimary, level);
            else texts.Add((leaf == "id" ? identity.Id : "ambiguous").AsMemory(), level);
            level = 2;
        }
    }

    private static Task WriteMembershipsAsync(ParquetRowGroupWriter rows, DataField column, PlatformProfile[] profiles, string membershipNamespace)
    {
        string leaf = column.Name;
        bool isNamespace = leaf == "key" && column.MaxRepetitionLevel == 1;
        var texts = new Column<ReadOnlyMemory<char>>(column);
        var times = new Column<DateTime>(column);
        foreach (var profile in profiles)
        {
            if (profile.Memberships.Count == 0)
            {
                if (leaf == "lastQualificationTime") times.AddMissing(0, 0);
                else texts.AddMissing(0, 0);
                continue;
            }

            int level = 0;
            foreach (var (id, membership) in profile.Memberships)
            {
                if (isNamespace && level > 0) break;
                if (leaf == "lastQualificationTime") times.Add(membership.LastQualified.UtcDateTime, level);
                else texts.Add((isNamespace ? membershipNamespace : leaf == "key" ? id : membership.Status).AsMemory(), level);
                level = 2;
            }
        }

        return leaf == "lastQualificationTime" ? times.WriteAsync(rows) : texts.WriteAsync(rows);
    }

    /// <summary>The values of a column with their levels.</summary>
    private sealed class Column<T>(DataField field)
        where T : struct
    {
        private readonly List<T> _values = [];
        private readonly List<int> _definitions = [];
        private readonly List<int> _repetitions = [];

        public void Add(T value, int repetition)
        {
            _values.Add(value);
            _definitions.Add(field.MaxDefinitionLevel);
            _repetitions.Add(repetition);
        }

        public void AddMissing(int definition, int repetition)
        {
            _definitions.Add(definition);
            _repetitions.Add(repetition);
        }

        public Task WriteAsync(ParquetRowGroupWriter rows)
        {
            ReadOnlyMemory<int>? repetitions = field.MaxRepetitionLevel == 0 ? null : _repetitions.ToArray();
            return rows.WriteAllPartsAsync<T>(field, _values.ToArray(), _definitions.ToArray(), repetitions, CancellationToken.None);
        }
    }
}
