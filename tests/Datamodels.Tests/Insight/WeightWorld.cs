using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Tests.Insight;

/// <summary>Datamodels with weights that are given, of a run that is not trained.</summary>
internal static class WeightWorld
{
    /// <summary>Datamodels of the first training examples, or test examples; classes take turns.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <param name="weights">Weights, <c>[targets][train]</c>.</param>
    /// <param name="set">What the targets are.</param>
    /// <param name="targets">Which examples of the set; by default the first.</param>
    /// <param name="classes">Number of classes.</param>
    public static Datamodel[] Of(
        string folder, double[][] weights, TargetSet set = TargetSet.Train, int[]? targets = null, int classes = 3)
    {
        int n = weights[0].Length;
        targets ??= [.. Enumerable.Range(0, weights.Length)];
        TrainingData data = TestData.Blobs(n, Math.Max(n, weights.Length), classes: classes);
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            folder, data, new NetworkLearner(), new SubsetPlan(1, 0.5, 4), "linear",
            new Observation { Targets = new TargetSelection { Set = set, Examples = [.. targets] } });
        return [.. weights.Select((row, i) =>
        {
            int[] nonzero = [.. Enumerable.Range(0, n).Where(j => row[j] != 0)];
            return new Datamodel
            {
                Training = run,
                Target = i,
                TargetExample = targets[i],
                Label = data.Classes[targets[i] % classes],
                Examples = [.. nonzero],
                Weights = [.. nonzero.Select(j => row[j])],
                Bias = 0,
                Lambda = 0,
                HeldOutR2 = 1,
                DualityGap = 0,
                Converged = true,
                ModelCount = 4,
            };
        })];
    }
}
