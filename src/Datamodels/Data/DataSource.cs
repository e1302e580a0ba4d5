namespace Datamodels.Data;

/// <summary>Everything that says how a <see cref="TrainingData"/> was read, so that it can be read again to the byte.</summary>
public sealed record DataSource
{
    /// <summary>The file, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the first line holds column names.</summary>
    public bool Header { get; init; }

    /// <summary>
    /// The column with the class: a header name, or a 1-based column number; negative counts from the end (-1 is the last).
    /// </summary>
    public string LabelColumn { get; init; } = "-1";

    /// <summary>How features are scaled.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.None;

    /// <summary>Test examples set aside: below 1 a fraction of all, from 1 a count.</summary>
    public double TestSize { get; init; } = 0.2;

    /// <summary>Seed of the stratified train/test split.</summary>
    public ulong Seed { get; init; }

    /// <summary>Image shape where the features are pixels.</summary>
    public ImageShape? ImageShape { get; init; }

    /// <summary>The file.</summary>
    public override string ToString() => Path;
}
