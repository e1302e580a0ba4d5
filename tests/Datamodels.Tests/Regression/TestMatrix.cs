using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Regression;

/// <summary>The parts of a fit, under the running test's cancellation.</summary>
internal static class TestMatrix
{
    public static BitMatrix Pack(RunRows rows, int start, int count) =>
        BitMatrix.FromMasks(rows, start, count, TestContext.Current.CancellationToken);

    public static Gram Count(BitMatrix matrix, int threads = 1) =>
        Gram.Compute(matrix, threads, TestContext.Current.CancellationToken);

    public static TargetBlock Sums(RunRows rows, BitMatrix train, BitMatrix heldOut, params int[] targets) =>
        TargetBlock.Compute(rows, train, heldOut, targets, TestContext.Current.CancellationToken);
}
