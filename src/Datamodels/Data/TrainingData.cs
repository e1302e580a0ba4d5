namespace Datamodels.Data;

/// <summary>
/// What is learned from: a training set, the test set whose predictions are studied, and what the numbers mean.
/// </summary>
public sealed class TrainingData
{
    /// <summary>Makes a data set from its parts.</summary>
    /// <param name="name">A short name for tables.</param>
    /// <param name="train">Training set S; an example's index in it is its identity everywhere.</param>
    /// <param name="test">Test set: the targets.</param>
    /// <param name="classes">Name of each class; a label is an index into it.</param>
    /// <param name="imageShape">Image shape where the features are pixels.</param>
    /// <param name="source">How it was read, if it came from a file.</param>
    public TrainingData(
        string name, ExampleSet train, ExampleSet test, IReadOnlyList<string> classes, ImageShape? imageShape = null,
        DataSource? source = null)
    {
        Name = name;
        Train = train;
        Test = test;
        Classes = new EquatableList<string>([.. classes]);
        ImageShape = imageShape;
        Source = source;
        Fingerprint = DataFingerprint.Compute(this);
    }

    /// <summary>A short name for tables.</summary>
    public string Name { get; }

    /// <summary>Training set S, <c>[TrainCount, FeatureCount]</c>.</summary>
    public ExampleSet Train { get; }

    /// <summary>Test set, <c>[TestCount, FeatureCount]</c>: the targets.</summary>
    public ExampleSet Test { get; }

    /// <summary>Name of each class; a label is an index into it.</summary>
    public EquatableList<string> Classes { get; }

    /// <summary>Image shape where the features are pixels.</summary>
    public ImageShape? ImageShape { get; }

    /// <summary>How it was read; null for data made in memory, which a later session cannot read again by itself.</summary>
    public DataSource? Source { get; }

    /// <summary>
    /// SHA-256 over shapes, features and labels of both sets: two data sets with the same fingerprint train alike.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>Number of training examples, n.</summary>
    public int TrainCount => Train.Count;

    /// <summary>Number of test examples.</summary>
    public int TestCount => Test.Count;

    /// <summary>Features per example.</summary>
    public int FeatureCount => Train.FeatureCount;

    /// <summary>Number of classes.</summary>
    public int ClassCount => Classes.Count;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {TrainCount} training, {TestCount} test, {FeatureCount} features, {ClassCount} classes";
}
