using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Tests;

/// <summary>Small data sets made in memory.</summary>
internal static class TestData
{
    /// <summary>Classes around centres of their own, each feature within 0.6 of its centre; classes take turns.</summary>
    public static TrainingData Blobs(int trainCount, int testCount, int features = 6, int classes = 3, ulong seed = 1)
    {
        var random = new RandomStream(seed, RandomPurpose.Split, 0);
        float[] centres = new float[classes * features];
        for (int i = 0; i < centres.Length; i++)
        {
            centres[i] = random.NextSingle();
        }

        ExampleSet Make(int count)
        {
            float[] values = new float[count * features];
            int[] labels = new int[count];
            for (int i = 0; i < count; i++)
            {
                labels[i] = i % classes;
                for (int k = 0; k < features; k++)
                {
                    values[i * features + k] = centres[labels[i] * features + k] + 1.2f * (random.NextSingle() - 0.5f);
                }
            }

            return new ExampleSet(values, labels, features);
        }

        return new TrainingData(
            "blobs", Make(trainCount), Make(testCount), [.. Enumerable.Range(0, classes).Select(c => c.ToString())]);
    }
}
