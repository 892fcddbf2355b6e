using System.Globalization;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    /// <summary>How the program is used.</summary>
    public const string Usage = """
        dotnet run --project tests/SegmentPush.Simulation -- <what> [options]

          --seed N             runs the scenario of one seed, tells what happened, and shortens it where it fails
          --count N            runs N seeds, from --from or 1 on
          --minutes N          runs seeds for N minutes, from --from or 1 on
          --replay FILE        runs a scenario from a file and tells what happened
          --kept               runs all kept scenarios
          --check              runs all kept scenarios, and seeds for --seconds (60), from the commit's hash on

          --from N             the first seed
          --commit HASH        the commit whose hash decides the first seed; that of HEAD without it
          --seconds N          how long --check runs seeds
          --journal WHAT       sqlite; postgres for a private server of Debian's package; or the address of an empty database (sqlite)
          --workers N          processes that run scenarios; one for each processor without it
          --save FOLDER        writes the shortened scenario of each new kind of failure into a folder
          --shrink N           shortens a failing scenario for at most N seconds (30)
          --people             with --replay: tells also what happened to each person, and what the pushes say of it
          --all                shortens and tells failures of known kinds, too
        """;

    public ulong? Seed { get; init; }

    public int? Count { get; init; }

    public double? Minutes { get; init; }

    public IReadOnlyList<string> Replays { get; init; } = [];

    public bool Kept { get; init; }

    public bool Check { get; init; }

    public ulong From { get; init; } = 1;

    public string? Commit { get; init; }

    public int Seconds { get; init; } = 60;

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the journals are: sqlite, postgres, or the address of a database.</summary>
    public string Journal { get; init; } = Databases.Sqlite;

    public string? Save { get; init; }

    public int ShrinkSeconds { get; init; } = 30;

    public bool All { get; init; }

    public bool People { get; init; }

    /// <summary>For a worker process: the step from one seed to the next; null for others.</summary>
    public ulong? WorkerStep { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It can't be understood.</exception>
    public static Arguments Parse(IReadOnlyList<string> words)
    {
        var read = new Arguments();
        for (int i = 0; i < words.Count; i++)
        {
            string Next() => ++i < words.Count ? words[i] : throw new FormatException($"{words[i - 1]} needs a value.");
            read = words[i] switch
            {
                "--seed" => read with { Seed = Number(Next()) },
                "--count" => read with { Count = (int)Number(Next()) },
                "--minutes" => read with { Minutes = double.Parse(Next(), CultureInfo.InvariantCulture) },
                "--replay" => read with { Replays = [.. read.Replays, Next()] },
                "--kept" => read with { Kept = true },
                "--check" => read with { Check = true },
                "--from" => read with { From = Number(Next()) },
                "--commit" => read with { Commit = Next() },
                "--seconds" => read with { Seconds = (int)Number(Next()) },
                "--workers" => read with { Workers = (int)Number(Next()) },
                "--journal" => read with { Journal = Next() },
                "--save" => read with { Save = Next() },
                "--shrink" => read with { ShrinkSeconds = (int)Number(Next()) },
                "--people" => read with { People = true },
                "--all" => read with { All = true },
                "--worker" => read with { WorkerStep = Number(Next()) },
                _ => throw new FormatException($"{words[i]} is no option."),
            };
        }

        return read;
    }

    private static ulong Number(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
