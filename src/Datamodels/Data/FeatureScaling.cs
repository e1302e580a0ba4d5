namespace Datamodels.Data;

/// <summary>
/// How features are scaled. Every constant is taken from the training set only and applied to the test set too.
/// </summary>
public enum FeatureScaling
{
    /// <summary>As they are in the file.</summary>
    None,

    /// <summary>All features together: (x - min) / (max - min) over the whole training set, so that it lies in [0, 1].</summary>
    UnitRange,

    /// <summary>
    /// Each feature (each pixel) by itself: (x - mean) / standard deviation over the n training examples, where mean = Σx / n
    /// and the deviation is sqrt(Σ(x - mean)² / n); a constant feature becomes 0.
    /// </summary>
    Standardize,

    /// <summary>
    /// Each channel of an image by itself: as <see cref="Standardize"/>, with one mean and one deviation over all pixels of the
    /// channel in all training examples.
    /// </summary>
    StandardizeChannels,
}
