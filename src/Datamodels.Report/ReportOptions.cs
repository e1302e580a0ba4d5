namespace Datamodels.Report;

/// <summary>What a report is to look like.</summary>
public sealed record ReportOptions
{
    /// <summary>The heading; null names the data.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// Rows of each list, and targets that are shown one by one, at least 1; each list says of how many they are.
    /// </summary>
    public int Top { get; init; } = 20;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="DatamodelException"><see cref="Top"/> is under 1.</exception>
    internal void Validate()
    {
        if (Top < 1)
        {
            throw new DatamodelException(
                "TopOutOfRange", ErrorKind.InvalidArgument,
                $"The number of rows asked for of each list is {Top}; it must be at least 1.");
        }
    }
}
