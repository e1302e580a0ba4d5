namespace Datamodels.Runs;

/// <summary>A process that trains a run.</summary>
/// <param name="Machine">Name of its machine.</param>
/// <param name="ProcessId">Its process identifier there.</param>
/// <param name="Started">When it began to train, in UTC.</param>
/// <param name="Trained">Models that it has trained since.</param>
/// <param name="PerSecond">Models that it trains a second, on average since it began; 0 while unknown.</param>
public sealed record RunWorker(string Machine, int ProcessId, DateTime Started, int Trained, double PerSecond)
{
    /// <summary>Such as <c>node7:4711</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Machine}:{ProcessId}");
}
