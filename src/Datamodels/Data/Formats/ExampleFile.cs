namespace Datamodels.Data;

/// <summary>
/// Examples of one file, or of two where the labels have their own, in file order. The labels are there once it is opened;
/// the features are read when they are wanted, straight to where they are wanted, so that what is not used takes no memory.
/// </summary>
/// <param name="path">The file, for errors.</param>
internal abstract class ExampleFile(string path)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The label of each example.</summary>
    public abstract FileLabels Labels { get; }

    /// <summary>Features of an example.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Image shape, where the format says it.</summary>
    public virtual ImageShape? ImageShape => null;

    /// <summary>Names of the features, where the file has them.</summary>
    public virtual IReadOnlyList<string>? FeatureNames => null;

    /// <summary>Bytes of memory that hold features already.</summary>
    public virtual long HeldBytes => 0;

    /// <summary>Whether an example belongs to the test set.</summary>
    public virtual bool IsTest(int example) => false;

    /// <summary>What stands before and after the number of an example where it is said where it is written.</summary>
    public abstract (string Before, string After) PlaceText { get; }

    /// <summary>Number that an example has in its file: from 0, or the line of a text.</summary>
    public virtual long Number(int example) => example;

    /// <summary>Where an example is written, for errors.</summary>
    public string Place(int example) =>
        FormattableString.Invariant($"{PlaceText.Before}{Number(example)}{PlaceText.After}");

    /// <summary>The file in quotes, and the array in it where there are several, for errors.</summary>
    public override string ToString() => $"'{Path}'";

    /// <summary>Reads the features of every example that has a destination.</summary>
    /// <param name="destination">Asked once for each example, in order.</param>
    /// <param name="cancellation">Stops within about a megabyte.</param>
    public abstract void ReadFeatures(FeatureDestination destination, CancellationToken cancellation);
}

/// <summary>Where the features of an example go: <c>[FeatureCount]</c>, or an empty span for nowhere.</summary>
internal delegate Span<float> FeatureDestination(int example);
