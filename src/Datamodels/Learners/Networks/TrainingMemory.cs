using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>Refuses a network that is too large to be trained, before any memory is taken for it.</summary>
/// <param name="available">Bytes that there are.</param>
internal sealed class TrainingMemory(long available)
{
    // Kernels count the weights of a network, and what fills their rows up, in 32 bits.
    private const long MostWeights = 1 << 29;

    /// <summary>The memory of this machine, or what this process may have of it.</summary>
    public static TrainingMemory OfThisMachine => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>
    /// Makes sure that models fit: each takes its weights three times over (weights, gradients, velocities) and its activations
    /// for the examples that go through it together, all float32.
    /// </summary>
    /// <param name="learner">Settings that are valid for the data.</param>
    /// <param name="data">The data.</param>
    /// <param name="models">Models that are trained at once, at least 1.</param>
    /// <exception cref="DatamodelException">They do not.</exception>
    public void Require(NetworkLearner learner, TrainingData data, int models)
    {
        (long weights, long values, long examples) = learner.Kind == LearnerKind.Convolutional
            ? Convolutional(learner, data)
            : Dense(learner, data);
        if (weights > MostWeights)
        {
            throw TooLarge($"The {learner} has {weights} weights; at most {MostWeights} can be trained.");
        }

        long bytes = models * sizeof(float) * ((3 * weights) + (values * examples));
        if (bytes > available)
        {
            throw TooLarge(
                $"The {learner} has {weights} weights and {values} activations for each of {examples} examples, and training "
                + $"{models} of it at once takes {DataMemory.InWords(bytes)} of memory; there are "
                + $"{DataMemory.InWords(available)}. Take a smaller batch or fewer threads.");
        }
    }

    private static (long Weights, long Values, long Examples) Dense(NetworkLearner learner, TrainingData data)
    {
        int[] sizes = [data.FeatureCount, .. learner.Hidden, data.ClassCount];
        long weights = 0;
        for (int layer = 1; layer < sizes.Length; layer++)
        {
            weights += PerceptronShape.WeightsOf(sizes[layer - 1], sizes[layer]);
        }

        return (weights, sizes.Sum(size => (long)size), Math.Min(learner.BatchSize, data.TrainCount));
    }

    private static (long Weights, long Values, long Examples) Convolutional(NetworkLearner learner, TrainingData data)
    {
        ImageShape image = data.ImageShape!.Value;
        (long weights, long values) = LayerShapes.SizeOf(
            learner.Layers, new BlockShape(image.Channels, image.Height, image.Width), data.ClassCount);
        int together = LayerShapes.HasBatchNorm(learner.Layers) ? Math.Min(learner.BatchSize, data.TrainCount) : 1;
        return (weights, values, Math.Max(together, BlockShape.Lanes));
    }

    private static DatamodelException TooLarge(string message) =>
        new("LearnerTooLarge", ErrorKind.InvalidArgument, message + " Make its layers narrower.");
}
