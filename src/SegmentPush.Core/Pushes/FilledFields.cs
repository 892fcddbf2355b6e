using System.Numerics;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>
/// The set of a mapping's attributes that a person has values for. No public page says whether Marketo clears a field for an empty cell
/// of an import, so people are put into one file only where they have values for the same fields.
/// </summary>
internal readonly record struct FilledFields(UInt128 Bits)
{
    /// <summary>Most attributes that the set can hold.</summary>
    public const int Most = 128;

    /// <summary>Number of attributes in the set.</summary>
    public int Count => BitOperations.PopCount((ulong)Bits) + BitOperations.PopCount((ulong)(Bits >> 64));

    /// <summary>Whether an attribute is in the set.</summary>
    public bool Contains(int attribute) => attribute < Most && (Bits & (UInt128.One << attribute)) != 0;

    /// <summary>The set of a person's values.</summary>
    /// <param name="person">The person.</param>
    /// <param name="attributes">The attributes that would be columns of an import file.</param>
    public static FilledFields Of(Person person, IReadOnlyList<int> attributes)
    {
        var bits = UInt128.Zero;
        for (int i = 0; i < attributes.Count; i++)
        {
            int attribute = attributes[i];
            if (attribute < Most && !person.Values[attribute].IsEmpty) bits |= UInt128.One << attribute;
        }

        return new FilledFields(bits);
    }

    /// <summary>Whether a person can't be told from others by the set: one of the attributes beyond it has no value.</summary>
    /// <param name="person">The person.</param>
    /// <param name="attributes">The attributes that would be columns of an import file, in ascending order.</param>
    public static bool IsBeyond(Person person, IReadOnlyList<int> attributes)
    {
        // The greatest numbers stand last. Their place tells nothing: where some fields of the mapping are no columns, later ones move up.
        for (int i = attributes.Count - 1; i >= 0 && attributes[i] >= Most; i--)
        {
            if (person.Values[attributes[i]].IsEmpty) return true;
        }

        return false;
    }
}
