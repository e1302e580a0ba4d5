using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>
/// The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of one label byte, or of a coarse and a fine one,
/// and 3,072 bytes of red, green and blue planes of 32x32. Of CIFAR-100 the fine label is the class.
/// </summary>
internal sealed class CifarFile : ExampleFile
{
    private static readonly ImageShape s_shape = new(32, 32, 3);

    // The largest value of each label byte; the last is the class.
    private static readonly (string Name, int[] LargestLabels)[] s_versions = [("CIFAR-10", [9]), ("CIFAR-100", [19, 99])];

    private readonly StoredArray _records;
    private readonly int _labelCount;

    private CifarFile(StoredArray records, int labelCount, FileLabels labels)
        : base(records.Path)
    {
        _records = records;
        _labelCount = labelCount;
        Labels = labels;
    }

    /// <inheritdoc/>
    public override FileLabels Labels { get; }

    /// <inheritdoc/>
    public override int FeatureCount => s_shape.FeatureCount;

    /// <inheritdoc/>
    public override ImageShape? ImageShape => s_shape;

    /// <summary>Reads the labels.</summary>
    /// <exception cref="DatamodelException">
    /// The file cannot be read, is no whole number of records, or has a label outside its range.
    /// </exception>
    public static CifarFile Open(string path, CancellationToken cancellation)
    {
        long length = DataFile.Guard(path, () => new FileInfo(path).Length);
        DatamodelException? problem = null;
        foreach ((string name, int[] largestLabels) in s_versions)
        {
            int recordSize = largestLabels.Length + s_shape.FeatureCount;
            if (length > 0 && length % recordSize == 0)
            {
                var records = new StoredArray(
                    path, System.IO.Path.GetFileName(path), new ElementType(ElementKind.Unsigned, 1, BigEndian: false),
                    [length / recordSize, recordSize], length, () => DataFile.Open(path).Content);
                (FileLabels labels, DatamodelException? wrong) = ReadLabels(records, name, largestLabels, cancellation);
                if (wrong is null)
                {
                    return new CifarFile(records, largestLabels.Length, labels);
                }

                problem ??= wrong;
            }
        }

        throw problem ?? new DatamodelException(
            "DataFileLength", ErrorKind.InvalidData,
            $"'{path}' has {length} bytes; expected whole records of CIFAR-10 (3073 bytes) or CIFAR-100 (3074 bytes). "
            + "Copy or download it again; other data in a file named .bin is not known.");
    }

    /// <inheritdoc/>
    public override (string Before, string After) PlaceText => ($"{Path}, record ", " (from 0)");

    /// <inheritdoc/>
    public override void ReadFeatures(FeatureDestination destination, CancellationToken cancellation) =>
        _records.ReadRows(
            (example, record) =>
            {
                Span<float> features = destination(example);
                if (features.Length > 0)
                {
                    _records.Type.ToSingles(record[_labelCount..], features);
                }
            },
            cancellation);

    private static (FileLabels Labels, DatamodelException? Wrong) ReadLabels(
        StoredArray records, string version, int[] largestLabels, CancellationToken cancellation)
    {
        var labels = new FileLabels();
        DatamodelException? wrong = null;
        records.ReadRows(
            (example, record) =>
            {
                for (int i = 0; i < largestLabels.Length; i++)
                {
                    if (record[i] > largestLabels[i])
                    {
                        wrong ??= new DatamodelException(
                            "LabelOutOfRange", ErrorKind.InvalidData,
                            $"{records.Path}, record {example} (from 0), byte {((long)example * records.RowLength) + i}: "
                            + $"the label is {record[i]}; expected 0 to {largestLabels[i]} for {version}. "
                            + "The file is damaged or something else.");
                    }
                }

                labels.Add(records.Type.ToText(record.Slice(largestLabels.Length - 1, 1)));
            },
            cancellation);
        return (labels, wrong);
    }
}
