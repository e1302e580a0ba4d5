namespace Datamodels.Runs;

/// <summary>Files that hold a row for every model, done or not. Several threads may read at once.</summary>
internal interface IRowFiles : IDisposable
{
    /// <summary>Reads the masks of neighbouring models.</summary>
    /// <param name="firstModel">First of them.</param>
    /// <param name="modelCount">How many.</param>
    /// <param name="masks">Receives packed masks, <c>[modelCount, ceil(n / 8)]</c>.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    void ReadMasks(int firstModel, int modelCount, Span<byte> masks);

    /// <summary>Reads outputs of neighbouring models.</summary>
    /// <param name="firstModel">First of them.</param>
    /// <param name="modelCount">How many.</param>
    /// <param name="firstOutput">First of the numbers recorded of each.</param>
    /// <param name="outputCount">How many.</param>
    /// <param name="outputs">Receives them, row-major, <c>[modelCount, outputCount]</c>.</param>
    /// <exception cref="IOException">Reading failed.</exception>
    void ReadOutputs(int firstModel, int modelCount, int firstOutput, int outputCount, Span<double> outputs);
}
