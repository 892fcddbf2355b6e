using System.Text;

namespace SegmentPush.Simulation.Time;

/// <summary>
/// Random numbers that a seed decides for ever: .NET does not promise the sequence of its own. Each part of a scenario has a generator of
/// its own, so that one number more in one part changes nothing in the others.
/// </summary>
internal sealed class Chance
{
    private ulong _state;

    public Chance(ulong seed) => _state = seed;

    /// <summary>The generator of a part.</summary>
    public static Chance Of(ulong seed, string part)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes(part)) hash = (hash ^ value) * 1099511628211;
        return new Chance(Mix(seed ^ hash));
    }

    /// <summary>A number of 64 bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>A number from 0 to one below a limit.</summary>
    public int Below(int limit) => limit <= 1 ? 0 : (int)(Next() % (ulong)limit);

    /// <summary>A number from 0 to 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True in so many percent of all cases.</summary>
    public bool Percent(double percent) => Fraction() * 100 < percent;

    /// <summary>One of some things.</summary>
    public T Of<T>(IReadOnlyList<T> things) => things[Below(things.Count)];

    /// <summary>One of some things, by their weights.</summary>
    public T Weighted<T>(params ReadOnlySpan<(int Weight, T Thing)> things)
    {
        int sum = 0;
        foreach (var (weight, _) in things) sum += weight;
        int at = Below(sum);
        foreach (var (weight, thing) in things)
        {
            if (at < weight) return thing;
            at -= weight;
        }

        return things[^1].Thing;
    }

    /// <summary>The same things in another order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> things)
    {
        List<T> shuffled = [.. things];
        for (int i = shuffled.Count - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }

    // SplitMix64.
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
