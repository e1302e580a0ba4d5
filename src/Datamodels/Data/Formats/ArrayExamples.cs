using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>Examples whose features are one stored array and whose labels are another.</summary>
internal sealed class ArrayExamples : ExampleFile
{
    private readonly StoredArray _features;
    private readonly ImageLayout _layout;
    private readonly bool[]? _isTest;

    /// <summary>Reads the labels.</summary>
    /// <param name="features">One entry of the first axis an example.</param>
    /// <param name="labels">One value an example.</param>
    /// <param name="isTest">Which examples belong to the test set, <c>[examples]</c>; null for none.</param>
    /// <param name="wanted">The image shape that the user states, if any.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="DatamodelException">The two do not fit, features are no numbers, or labels cannot be read.</exception>
    public ArrayExamples(
        StoredArray features, StoredArray labels, bool[]? isTest, ImageShape? wanted, CancellationToken cancellation)
        : base(features.Path)
    {
        if (features.Type.IsText)
        {
            throw new DatamodelException(
                "ArrayTypeInvalid", ErrorKind.InvalidData, $"{features} holds text; expected features that are numbers.");
        }

        if (labels.RowLength != 1)
        {
            throw new DatamodelException(
                "LabelsShape", ErrorKind.InvalidData,
                $"{labels} has {labels.RowLength} values an example; expected one label. "
                + "Save one-hot labels as the number of the class (numpy.argmax).");
        }

        if (labels.Count != features.Count)
        {
            throw new DatamodelException(
                "LabelCountDiffers", ErrorKind.InvalidData,
                $"{features} has {features.Count} examples, but {labels} has {labels.Count} labels; "
                + "give the labels of these examples.");
        }

        _features = features;
        _layout = ImageLayout.Of(features, wanted);
        _isTest = isTest;
        Labels = ReadLabels(labels, cancellation);
    }

    /// <inheritdoc/>
    public override FileLabels Labels { get; }

    /// <inheritdoc/>
    public override int FeatureCount => _features.RowLength;

    /// <inheritdoc/>
    public override ImageShape? ImageShape => _layout.Shape;

    /// <inheritdoc/>
    public override bool IsTest(int example) => _isTest is not null && _isTest[example];

    /// <inheritdoc/>
    public override string ToString() => _features.ToString();

    /// <inheritdoc/>
    public override (string Before, string After) PlaceText => ($"{_features}, row ", " (from 0)");

    /// <inheritdoc/>
    public override void ReadFeatures(FeatureDestination destination, CancellationToken cancellation)
    {
        float[] image = _layout.ChannelsLast ? new float[FeatureCount] : [];
        _features.ReadRows(
            (example, row) =>
            {
                Span<float> features = destination(example);
                if (features.Length == 0)
                {
                    return;
                }

                Span<float> read = _layout.ChannelsLast ? image : features;
                _features.Type.ToSingles(row, read);
                if (_features.Type.Kind == ElementKind.Float)
                {
                    CheckFinite(read, example);
                }

                if (_layout.ChannelsLast)
                {
                    ImageLayout.ToPlanes(image, features, _layout.Shape!.Value.Channels);
                }
            },
            cancellation);
    }

    private void CheckFinite(ReadOnlySpan<float> features, int example)
    {
        for (int i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
            {
                throw new DatamodelException(
                    "ValueInvalid", ErrorKind.InvalidData,
                    FormattableString.Invariant($"{Place(example)}, value {i} (from 0): the value is {features[i]} as float32; ")
                    + "expected a finite number. Fill in or remove what is missing.");
            }
        }
    }

    private static FileLabels ReadLabels(StoredArray labels, CancellationToken cancellation)
    {
        var read = new FileLabels();
        labels.ReadRows(
            (example, row) =>
            {
                string text = labels.Type.ToText(row).Trim();
                if (text is "" or "NaN")
                {
                    throw new DatamodelException(
                        "ValueInvalid", ErrorKind.InvalidData,
                        $"{labels}, row {example} (from 0): the label is {(text.Length == 0 ? "empty" : text)}; "
                        + "expected a label. Fill it in, or remove the example.");
                }

                read.Add(text);
            },
            cancellation);
        return read;
    }
}
