using Datamodels.Kernels;

namespace Datamodels.Subsets;

/// <summary>
/// Which subsets models are trained on. Subset s holds floor(alpha n) examples drawn uniformly without replacement, fixed
/// by (seed, s) alone; each subset is trained on <see cref="Retrainings"/> times. Model m uses subset m / Retrainings and
/// the training seed of m.
/// </summary>
public sealed record SubsetPlan
{
    /// <summary>Makes a plan.</summary>
    /// <param name="seed">Seed of masks and training seeds.</param>
    /// <param name="alpha">Fraction of the training set in each subset, inside (0, 1).</param>
    /// <param name="count">Number of subsets, at least 1.</param>
    /// <param name="retrainings">Models trained on each subset, at least 1.</param>
    /// <exception cref="DatamodelException">A value is outside its range.</exception>
    public SubsetPlan(ulong seed, double alpha, int count, int retrainings = 1)
    {
        if (!(alpha > 0 && alpha < 1))
        {
            throw new DatamodelException(
                "AlphaOutOfRange", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"alpha is {alpha}; it is the fraction of the training set in each subset ")
                + "and must lie inside (0, 1), for instance 0.5.");
        }

        if (count < 1)
        {
            throw new DatamodelException(
                "CountOutOfRange", ErrorKind.InvalidArgument, $"The number of subsets is {count}; it must be at least 1.");
        }

        if (retrainings < 1)
        {
            throw new DatamodelException(
                "RetrainingsOutOfRange", ErrorKind.InvalidArgument,
                $"The number of retrainings per subset is {retrainings}; it must be at least 1.");
        }

        if ((long)count * retrainings > int.MaxValue)
        {
            throw new DatamodelException(
                "ModelCountOutOfRange", ErrorKind.InvalidArgument,
                $"{count} subsets with {retrainings} retrainings each are more models than a run can hold, {int.MaxValue}.");
        }

        Seed = seed;
        Alpha = alpha;
        Count = count;
        Retrainings = retrainings;
    }

    /// <summary>Seed of masks and training seeds.</summary>
    public ulong Seed { get; }

    /// <summary>Fraction of the training set in each subset, inside (0, 1).</summary>
    public double Alpha { get; }

    /// <summary>Number of subsets.</summary>
    public int Count { get; }

    /// <summary>Models trained on each subset, R.</summary>
    public int Retrainings { get; }

    /// <summary>Number of models: subsets times retrainings.</summary>
    public int ModelCount => Count * Retrainings;

    /// <summary>Examples in each subset of a training set of <paramref name="trainCount"/>: floor(alpha n).</summary>
    /// <exception cref="DatamodelException">The subset would be empty.</exception>
    public int SubsetSize(int trainCount)
    {
        // In decimal, so that 0.29 of 100 is 29 and not the 28.999… of the nearest double.
        int size = (int)Math.Floor((decimal)Alpha * trainCount);
        if (size < 1)
        {
            throw new DatamodelException(
                "SubsetEmpty", ErrorKind.InvalidArgument,
                FormattableString.Invariant($"alpha {Alpha} of {trainCount} training examples leaves subsets empty; ")
                + FormattableString.Invariant($"choose alpha of at least {1.0 / trainCount:g3}."));
        }

        return size;
    }

    /// <summary>The subset that model <paramref name="model"/> is trained on.</summary>
    /// <param name="model">0..ModelCount-1; any number gives a mask, so a plan can be extended.</param>
    /// <param name="trainCount">Size of the training set, n.</param>
    public Mask MaskOf(int model, int trainCount)
    {
        int size = SubsetSize(trainCount);
        int[] examples = new int[trainCount];
        for (int i = 0; i < trainCount; i++)
        {
            examples[i] = i;
        }

        // Fisher–Yates, stopped as soon as the first `size` places are drawn.
        var random = new RandomStream(Seed, RandomPurpose.Subset, (ulong)(model / Retrainings));
        for (int i = 0; i < size; i++)
        {
            int j = i + random.NextBelow(trainCount - i);
            (examples[i], examples[j]) = (examples[j], examples[i]);
        }

        return Mask.FromExamples(trainCount, examples.AsSpan(0, size));
    }

    /// <summary>The training seed of model <paramref name="model"/>.</summary>
    public ulong TrainingSeedOf(int model) => new RandomStream(Seed, RandomPurpose.TrainingSeed, (ulong)model).NextUInt64();

    /// <inheritdoc/>
    public override string ToString() => Retrainings == 1
        ? FormattableString.Invariant($"{Count} subsets at alpha {Alpha}, seed {Seed}")
        : FormattableString.Invariant($"{Count} subsets at alpha {Alpha}, seed {Seed}, {Retrainings} retrainings each");
}
