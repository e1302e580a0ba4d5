namespace Datamodels.Data;

/// <summary>Everything that says how a <see cref="TrainingData"/> was read, so that it can be read again to the byte.</summary>
public sealed record DataSource
{
    /// <summary>
    /// The files, or folders of them, absolute; together they are one set. In a folder, and among several files, those that
    /// have the word <c>test</c> or <c>t10k</c> in their name are the test set.
    /// </summary>
    public required EquatableList<string> Path { get; init; }

    /// <summary>The files of the test set, or folders of them, absolute; none for what their names say.</summary>
    public EquatableList<string> TestPath { get; init; } = [];

    /// <summary>Whether the first line of a CSV file holds column names.</summary>
    public bool Header { get; init; }

    /// <summary>
    /// The column of a CSV file with the class: a header name, or a 1-based column number; negative counts from the end (-1 is
    /// the last).
    /// </summary>
    public string LabelColumn { get; init; } = LastColumn;

    /// <summary>How features are scaled.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.None;

    /// <summary>
    /// Training examples that are used: below 1 a fraction of the set that they are drawn from, from 1 a count; null for all.
    /// </summary>
    public double? TrainSize { get; init; }

    /// <summary>
    /// Test examples that are used: below 1 a fraction of the set that they are drawn from, from 1 a count; null for all of the
    /// test set, or, where the data has none, for a fifth of the examples.
    /// </summary>
    public double? TestSize { get; init; }

    /// <summary>Seed of the stratified choice of training and test examples.</summary>
    public ulong Seed { get; init; }

    /// <summary>Image shape where the features are pixels and the format does not say it.</summary>
    public ImageShape? ImageShape { get; init; }

    internal static string LastColumn => "-1";

    /// <summary>The file, or the first and how many more.</summary>
    public override string ToString() => Path.Count == 1 ? Path[0] : $"{Path[0]} and {Path.Count - 1} more";
}
