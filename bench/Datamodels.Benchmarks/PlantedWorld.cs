using Datamodels.Kernels;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Benchmarks;

/// <summary>
/// Models that were never trained: masks of half the examples, and margins that are linear in them, with few weights other than
/// 0, and as much noise as signal.
/// </summary>
internal sealed class PlantedWorld
{
    private const int Seed = 1;
    private readonly int[][] _examples;

    /// <param name="examples">Training examples, n.</param>
    /// <param name="models">Models, m.</param>
    /// <param name="targets">Targets.</param>
    /// <param name="planted">Weights of each target that are not 0.</param>
    public PlantedWorld(int examples, int models, int targets, int planted)
    {
        _examples = new int[targets][];
        var weights = new double[targets][];
        var noises = new double[targets];
        Parallel.For(0, targets, target =>
        {
            var random = new RandomStream(Seed, RandomPurpose.Targets, (uint)target);
            int[] order = [.. Enumerable.Range(0, examples)];
            random.Shuffle(order.AsSpan());
            _examples[target] = order[..planted];
            weights[target] = new double[planted];
            for (int i = 0; i < planted; i++)
            {
                double weight = (i % 2 == 0 ? 1 : -1) * (0.5 + random.NextSingle());
                weights[target][i] = weight;
                noises[target] += weight * weight / 4;
            }

            noises[target] = Math.Sqrt(noises[target]);
        });

        var plan = new SubsetPlan(Seed, 0.5, models);
        int maskBytes = Mask.ByteCount(examples);
        byte[] masks = new byte[(long)models * maskBytes];
        float[] margins = new float[(long)models * targets];
        Parallel.For(0, models, model =>
        {
            Mask mask = plan.MaskOf(model, examples);
            mask.Bytes.CopyTo(masks.AsSpan(model * maskBytes));
            var random = new RandomStream(Seed, RandomPurpose.Targets, (uint)(targets + model));
            for (int target = 0; target < targets; target++)
            {
                double margin = noises[target] * Normal(ref random);
                for (int i = 0; i < planted; i++)
                {
                    margin += mask[_examples[target][i]] ? weights[target][i] : 0;
                }

                margins[(model * targets) + target] = (float)margin;
            }
        });
        Rows = new RunRows([.. Enumerable.Range(0, models)], examples, targets, masks, margins);
    }

    /// <summary>The models.</summary>
    public RunRows Rows { get; }

    /// <summary>The examples that have a planted weight on a target.</summary>
    public int[] ExamplesOf(int target) => _examples[target];

    // The sum of four uniform numbers, which is near enough to normal here, with a variance of 1.
    private static double Normal(ref RandomStream random) =>
        Math.Sqrt(3) * (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2);
}
