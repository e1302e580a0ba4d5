using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.Tests.Regression;

/// <summary>Rows that say how many they are, and whose masks are all ones; for sizes that no test could store.</summary>
internal sealed class CountedRows(int count, int trainCount) : IRunRows
{
    public int Count => count;

    public int TrainCount => trainCount;

    public int TargetCount => 1;

    public OutputKind Output => OutputKind.Margin;

    public int DamagedCount => 0;

    public string Fingerprint => $"{count} rows of {trainCount} ones";

    public int ModelOf(int row) => row;

    public void ReadMasks(int firstRow, int rowCount, Span<byte> masks) => masks.Fill(0xFF);

    public void ReadOutputs(int firstRow, int rowCount, int firstTarget, int targetCount, Span<double> outputs) =>
        outputs.Clear();

    public void Dispose()
    {
    }
}
