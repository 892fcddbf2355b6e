using System.Globalization;
using SegmentPush.Marketo;

namespace SegmentPush.Lists;

/// <summary>The hashes by which snapshots know people.</summary>
internal static class PersonHash
{
    /// <summary>
    /// The hash by which a person on the list is known: that of the identity. A person without one, which no row can name, is known by
    /// the id; all of them under one hash would be taken for each other, and each would be sought among all.
    /// </summary>
    public static Hash128 HashOf(this IdentityHash hash, ListedPerson person)
    {
        var identity = person.Identity.AsSpan().Trim();
        return identity.IsEmpty ? hash.HashOf(person.Id) : hash.HashOf(identity);
    }

    /// <summary>The hash by which a person is known whose identity is not known.</summary>
    public static Hash128 HashOf(this IdentityHash hash, long marketoId) => hash.HashOf(string.Create(CultureInfo.InvariantCulture, $"\0{marketoId}"));
}
