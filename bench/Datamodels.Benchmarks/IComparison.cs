namespace Datamodels.Benchmarks;

/// <summary>One thing done by this software and by what a user would take instead.</summary>
internal interface IComparison
{
    /// <summary>What it is called on the command line and in the results.</summary>
    string Name { get; }

    /// <summary>What is done, in a line.</summary>
    string Description { get; }

    /// <summary>Measures both sides.</summary>
    /// <exception cref="BenchmarkException">It cannot be measured; the message says what to do.</exception>
    IReadOnlyList<BenchmarkRow> Run(Peers peers);
}

/// <summary>A line of the results.</summary>
/// <param name="Name">Name of the comparison.</param>
/// <param name="Unit">Unit of <paramref name="Ours"/> and <paramref name="Peer"/>.</param>
/// <param name="Ours">What this software reaches; null where only the peer could tell.</param>
/// <param name="Peer">What the peer reaches; null where it is not installed.</param>
/// <param name="Ratio">Above 1 where this software is better; null where there is no peer.</param>
/// <param name="Bar">What is to be reached, if anything is: see the comparison.</param>
internal sealed record BenchmarkRow(string Name, string Unit, double? Ours, double? Peer, double? Ratio, double? Bar);

/// <summary>A comparison cannot be measured.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
