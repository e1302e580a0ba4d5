namespace Datamodels.Data;

/// <summary>Refuses a set that does not fit into memory before any of it is read.</summary>
/// <param name="available">Bytes that there are.</param>
internal sealed class DataMemory(long available)
{
    /// <summary>The memory of this machine, or what this process may have of it.</summary>
    public static DataMemory OfThisMachine => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Makes sure that sets of so many examples fit.</summary>
    /// <param name="what">What they are of, for the error.</param>
    /// <param name="featureCount">Features of an example, 4 bytes a feature.</param>
    /// <param name="heldBytes">Bytes that are held besides.</param>
    /// <param name="exampleCounts">Number of examples of each set.</param>
    /// <exception cref="DatamodelException">They do not.</exception>
    public void Require(string what, int featureCount, long heldBytes, params ReadOnlySpan<long> exampleCounts)
    {
        long examples = 0;
        foreach (long count in exampleCounts)
        {
            examples += count;
            if (count > Array.MaxLength / featureCount)
            {
                throw new DatamodelException(
                    "DataTooLarge", ErrorKind.InvalidData,
                    $"'{what}' gives a set of {count} examples of {featureCount} features; at most {Array.MaxLength} numbers fit "
                    + $"into one set, {Array.MaxLength / featureCount} examples. Take fewer (TrainSize, TestSize).");
            }
        }

        long bytes = (examples * featureCount * sizeof(float)) + heldBytes;
        if (bytes > available)
        {
            throw new DatamodelException(
                "DataTooLarge", ErrorKind.InvalidData,
                $"'{what}': {examples} examples of {featureCount} features take {InWords(bytes)} of memory to read, and "
                + $"there are {InWords(available)}. Take fewer (TrainSize, TestSize), or a machine with more memory.");
        }
    }

    /// <summary>In decimal units: 1 GB is 10^9 bytes.</summary>
    public static string InWords(long bytes) => bytes < 1_000_000
        ? FormattableString.Invariant($"{bytes / 1e3:0.#} kB")
        : bytes < 1_000_000_000
            ? FormattableString.Invariant($"{bytes / 1e6:0.#} MB")
            : FormattableString.Invariant($"{bytes / 1e9:0.#} GB");
}
