using System.IO.Compression;
using Datamodels.Data;
using Datamodels.IO;
using Datamodels.Learners;

namespace Datamodels.Benchmarks;

/// <summary>Networks on 5,000 training and 1,000 test digits of MNIST, one epoch of batches of 64.</summary>
internal abstract class TrainMnist : TrainNetwork
{
    private const string Folder = "examples/mnist5k/data";
    private const string ForPeers = "out/bench";

    protected override string Data => "5,000 digits of MNIST";

    protected override TrainingData ReadData() => Read();

    /// <summary>Reads the digits.</summary>
    /// <exception cref="BenchmarkException">They are not there.</exception>
    public static TrainingData Read() => Directory.Exists(Folder)
        ? TrainingDataReader.Read(
            new DataSource { Path = [Folder], TrainSize = 5000, TestSize = 1000, Scaling = FeatureScaling.UnitRange })
        : throw new BenchmarkException($"there is no {Folder}; run the verb data first");

    /// <summary>All examples in one archive, x [6000, 784] and y [6000].</summary>
    protected override string PeerFile(TrainingData data)
    {
        Directory.CreateDirectory(ForPeers);
        string path = $"{ForPeers}/mnist.npz";
        using ZipArchive archive = new(File.Create(path), ZipArchiveMode.Create);
        Add("x.npy", NpyType.Single, [data.TrainCount + data.TestCount, data.FeatureCount],
            [.. data.Train.Features, .. data.Test.Features]);
        Add("y.npy", NpyType.UInt8, [data.TrainCount + data.TestCount],
            [.. data.Train.Labels.ToArray().Concat(data.Test.Labels.ToArray()).Select(label => (byte)label)]);
        return path;

        void Add<T>(string name, NpyType type, EquatableList<long> shape, ReadOnlySpan<T> values)
            where T : unmanaged
        {
            using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write(new NpyHeader(type, shape).ToBytes());
            entry.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
        }
    }
}

/// <summary>A 784-128-10 perceptron.</summary>
internal sealed class TrainMnistPerceptron : TrainMnist
{
    public override string Name => "train-mnist-mlp";

    protected override NetworkLearner Learner { get; } = new() { Hidden = [128], Epochs = 1, PeakEpoch = 0.25, BatchSize = 64 };

    protected override int Models => 400;

    protected override string[] PeerArguments => ["--net", "mlp", "--hidden", "128", .. TrainingArguments(80)];

    protected override double Bar => 1.5;

    protected override double? SgemmBar => 0.5;

    protected override (long Forward, long Gradients) MultiplyAdds =>
        ((784 * 128) + (128 * 10), (784 * 128) + (2 * 128 * 10));
}

/// <summary>A small convolutional network.</summary>
internal sealed class TrainMnistConvolutional : TrainMnist
{
    // A 3x3 kernel over n by n positions has (3n - 2)^2 taps inside the image. The first layer has no inputs' gradient.
    private const long First = 82 * 82 * 8;
    private const long Rest = (40 * 40 * 16 * 8) + (7 * 7 * 16 * 10);

    public override string Name => "train-mnist-cnn";

    protected override NetworkLearner Learner => SmallNetwork;

    /// <summary>The network of the peer's script.</summary>
    public static NetworkLearner SmallNetwork { get; } = new()
    {
        Kind = LearnerKind.Convolutional,
        Hidden = [],
        Layers = Layer.Parse("conv 8 3x3, relu, maxPool 2, conv 16 3x3, relu, maxPool 2, dense"),
        Epochs = 1,
        PeakEpoch = 0.25,
        BatchSize = 64,
    };

    protected override int Models => 100;

    protected override string[] PeerArguments => ["--net", "cnn", .. TrainingArguments(8)];

    protected override double Bar => 2.5;

    protected override (long Forward, long Gradients) MultiplyAdds => (First + Rest, First + (2 * Rest));
}
