using System.Globalization;

namespace Datamodels.Runs;

/// <summary>
/// One of K parts of a run, for a machine or a job of its own. Part k, 1..K, is a contiguous range of models: of M models
/// those from floor((k - 1) M / K) up to but not including floor(k M / K). Together the parts are every model once.
/// </summary>
public sealed record Shard
{
    private const string Expected = "part/parts, such as 3/100 for the third of a hundred";

    /// <summary>Makes a shard.</summary>
    /// <param name="part">k, from 1 to <paramref name="parts"/>.</param>
    /// <param name="parts">K, at least 1; where there are more parts than models, some of them are empty.</param>
    /// <exception cref="DatamodelException">A number is outside its range.</exception>
    public Shard(int part, int parts)
    {
        if (part < 1 || part > parts)
        {
            throw new DatamodelException(
                "ShardOutOfRange", ErrorKind.InvalidArgument,
                $"The shard is {part}/{parts}; write {Expected}: the part counts from 1 up to the number of parts.");
        }

        Part = part;
        Parts = parts;
    }

    /// <summary>Which part, k, from 1 to <see cref="Parts"/>.</summary>
    public int Part { get; }

    /// <summary>Number of parts, K.</summary>
    public int Parts { get; }

    /// <summary>Reads a shard written as <c>3/100</c>.</summary>
    /// <exception cref="DatamodelException">It is not written so.</exception>
    public static Shard Parse(string text)
    {
        string[] numbers = text.Split('/');
        return numbers.Length == 2 && TryParse(numbers[0], out int part) && TryParse(numbers[1], out int parts)
            ? new Shard(part, parts)
            : throw new DatamodelException(
                "ShardInvalid", ErrorKind.InvalidArgument, $"The shard is '{text}'; write {Expected}.");
    }

    /// <summary>The first model of this part, and the one behind its last, of a run of <paramref name="modelCount"/>.</summary>
    public (int First, int End) ModelsOf(int modelCount) =>
        ((int)((Part - 1L) * modelCount / Parts), (int)((long)Part * modelCount / Parts));

    /// <summary>Written as <c>3/100</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Part}/{Parts}");

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
