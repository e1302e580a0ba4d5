namespace Datamodels.Data;

/// <summary>Labelled examples: features as one row-major block, one class index per example.</summary>
public sealed class ExampleSet
{
    private readonly float[] _features;
    private readonly int[] _labels;

    /// <summary>Takes ownership of the two arrays.</summary>
    /// <param name="features">Row-major, <c>[count, featureCount]</c>.</param>
    /// <param name="labels">Class index of each example, 0..classes-1, <c>[count]</c>.</param>
    /// <param name="featureCount">Features per example, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public ExampleSet(float[] features, int[] labels, int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        if (features.LongLength != (long)labels.Length * featureCount)
        {
            throw new ArgumentException(
                $"{features.Length} feature values do not make {labels.Length} rows of {featureCount}.", nameof(features));
        }

        _features = features;
        _labels = labels;
        FeatureCount = featureCount;
    }

    /// <summary>Where each was read; null for examples made in memory.</summary>
    internal ExamplePlaces? Places { get; init; }

    /// <summary>Number of examples.</summary>
    public int Count => _labels.Length;

    /// <summary>Features per example.</summary>
    public int FeatureCount { get; }

    /// <summary>All features, row-major, <c>[Count, FeatureCount]</c>.</summary>
    public ReadOnlySpan<float> Features => _features;

    /// <summary>Class index of each example, <c>[Count]</c>.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The features of one example, <c>[FeatureCount]</c>.</summary>
    public ReadOnlySpan<float> Row(int example) => _features.AsSpan(example * FeatureCount, FeatureCount);

    /// <inheritdoc/>
    public override string ToString() => $"{Count} examples of {FeatureCount} features";
}
