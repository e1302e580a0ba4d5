using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// The completed rows of a run, ascending by model, wherever they lie: a row is one trained model, its subset of the training
/// set and its output for every target.
/// </summary>
/// <remarks>Rows are numbered from 0. Several threads may read at once.</remarks>
public interface IRunRows : IDisposable
{
    /// <summary>Number of rows, m.</summary>
    int Count { get; }

    /// <summary>Size of the training set, n.</summary>
    int TrainCount { get; }

    /// <summary>Number of targets.</summary>
    int TargetCount { get; }

    /// <summary>What the outputs are; never logits.</summary>
    OutputKind Output { get; }

    /// <summary>Rows left out because they do not match their checksum; training the run again makes them good.</summary>
    int DamagedCount { get; }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of which rows these are: the output, and of each row its model and its bytes or
    /// their checksum. What is computed from rows with the same fingerprint is the same.
    /// </summary>
    string Fingerprint { get; }

    /// <summary>Number in the plan of the model of row <paramref name="row"/>.</summary>
    int ModelOf(int row);

    /// <summary>Reads the subsets of some rows.</summary>
    /// <param name="firstRow">First of them.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="masks">
    /// Receives their packed masks, <c>[rowCount, ceil(n / 8)]</c>, each laid out as <see cref="Mask.Bytes"/>.
    /// </param>
    void ReadMasks(int firstRow, int rowCount, Span<byte> masks);

    /// <summary>Reads the outputs of some rows for some targets.</summary>
    /// <param name="firstRow">First of the rows.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="firstTarget">First of the targets.</param>
    /// <param name="targetCount">How many.</param>
    /// <param name="outputs">
    /// Receives the outputs, row-major, <c>[rowCount, targetCount]</c>; those that are not finite come as they are.
    /// </param>
    void ReadOutputs(int firstRow, int rowCount, int firstTarget, int targetCount, Span<double> outputs);
}
