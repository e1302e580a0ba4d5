using System.Globalization;
using System.Text.Json;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Benchmarks;

/// <summary>
/// Whole trainings on half of a training set, every core: drawing the subset, training, and the outputs on the test part,
/// against the best way there is in PyTorch. The bar is a ratio.
/// </summary>
internal abstract class TrainNetwork : IComparison
{
    private const int Rounds = 3;

    public abstract string Name { get; }

    public string Description =>
        $"{Learner} on {Data}: models trained a second, {Rounds} rounds of each side in turn, medians";

    /// <summary>What is trained on; as the peer does it, a sixth of all examples is for testing.</summary>
    protected abstract string Data { get; }

    /// <summary>How each model is made.</summary>
    protected abstract NetworkLearner Learner { get; }

    /// <summary>Models of a round.</summary>
    protected abstract int Models { get; }

    /// <summary>The same to the peer's script.</summary>
    protected abstract string[] PeerArguments { get; }

    /// <summary>Ratio to reach.</summary>
    protected abstract double Bar { get; }

    /// <summary>Multiply-adds of the products for one example: forward, and for both gradients.</summary>
    protected abstract (long Forward, long Gradients) MultiplyAdds { get; }

    /// <summary>Reads the data.</summary>
    protected abstract TrainingData ReadData();

    /// <summary>The file with the same data for the peer.</summary>
    protected abstract string PeerFile(TrainingData data);

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        TrainingData data = ReadData();
        Train(data, Models);

        string? python = peers.PythonWith("torch");
        string file = python is null ? "" : PeerFile(data);
        var ours = new List<double>();
        var theirs = new List<double>();
        var products = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            if (python is not null)
            {
                JsonElement peer = Peers.Run(python, "train_torch.py", [file, .. PeerArguments]);
                theirs.Add(peer.GetProperty("best").GetDouble());
                products.Add(peer.GetProperty("sgemm_gflops").GetDouble());
                peers.Say(
                    $"PyTorch {peer.GetProperty("models_per_s").GetRawText()} models/s, "
                    + $"test accuracy {peer.GetProperty("accuracy").GetDouble():0.000}");
            }

            double accuracy = 0;
            double seconds = Measure.Seconds(() => accuracy = Train(data, Models));
            ours.Add(Models / seconds);
            peers.Say($"Datamodels {Models / seconds:0.0} models/s, test accuracy {accuracy:0.000}");
        }

        double rate = Measure.Median(ours);
        double? peerRate = theirs.Count > 0 ? Measure.Median(theirs) : null;

        // A multiply-add is two operations; the peer's figure is that of a large product of matrices on all cores.
        double operations = 2 * rate * MultiplyAddsOfModel(data) / 1e9;
        double? sgemm = products.Count > 0 ? Measure.Median(products) : null;
        return
        [
            new BenchmarkRow(Name, "models/s", rate, peerRate, rate / peerRate, Bar),
            new BenchmarkRow($"{Name} sgemm", "GFLOP/s", operations, sgemm, operations / sgemm, SgemmBar),
        ];
    }

    /// <summary>Fraction of the peer's rate in a large product of matrices to reach, if any is.</summary>
    protected virtual double? SgemmBar => null;

    /// <summary>The settings of the learner as the script wants them.</summary>
    protected string[] TrainingArguments(int models) =>
    [
        "--epochs", Learner.Epochs.ToString(CultureInfo.InvariantCulture),
        "--batch", Learner.BatchSize.ToString(CultureInfo.InvariantCulture),
        "--models", models.ToString(CultureInfo.InvariantCulture),
    ];

    private double MultiplyAddsOfModel(TrainingData data)
    {
        int subset = data.TrainCount / 2;
        long trained = (long)Learner.Epochs * (subset - (subset % Learner.BatchSize));
        return (trained * (double)(MultiplyAdds.Forward + MultiplyAdds.Gradients))
            + (data.TestCount * (double)MultiplyAdds.Forward);
    }

    /// <summary>Trains and returns the mean accuracy on the test part, 0..1.</summary>
    private double Train(TrainingData data, int models)
    {
        var plan = new SubsetPlan(seed: 1, alpha: 0.5, count: models);
        IEnumerable<TrainingTask> tasks = Enumerable.Range(0, models)
            .Select(model => new TrainingTask(model, plan.MaskOf(model, data.TrainCount), plan.TrainingSeedOf(model)));
        return new CpuEngine().Train(data, Learner, new Observation { Output = OutputKind.Correctness }, tasks)
            .Average(output => output.Values.Average());
    }
}
