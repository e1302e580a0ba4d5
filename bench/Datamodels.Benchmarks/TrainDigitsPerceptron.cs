using System.Text.Json;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Benchmarks;

/// <summary>
/// Whole trainings of a 64-32-10 perceptron on half of the digits' training part, 20 epochs of batches of 32, every core:
/// drawing the subset, training, and the outputs on the test part, against the best of three ways in PyTorch.
/// The bar is a ratio.
/// </summary>
internal sealed class TrainDigitsPerceptron : IComparison
{
    private const string Digits = "examples/digits/digits.csv.gz";
    private const int Rounds = 3;
    private const int Models = 2000;

    public string Name => "train-digits-mlp";

    public string Description => $"models trained a second, {Rounds} rounds of each side in turn, medians";

    public BenchmarkRow Run(Peers peers)
    {
        // The peer's split: a sixth of the 1,797 for testing.
        TrainingData data = TrainingDataReader.Read(
            new DataSource { Path = [Digits], TestSize = 1797 / 6, Scaling = FeatureScaling.UnitRange });
        var learner = new NetworkLearner
        {
            Hidden = [32], Epochs = 20, BatchSize = 32, LearningRate = 0.1, Momentum = 0.9, WeightDecay = 5e-4,
        };
        Train(data, learner, Models);

        string? python = peers.PythonWith("torch");
        var ours = new List<double>();
        var theirs = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            if (python is not null)
            {
                JsonElement peer = Peers.Run(
                    python, "train_torch.py", Digits, "--net", "mlp", "--hidden", "32", "--epochs", "20",
                    "--batch", "32", "--models", "40");
                theirs.Add(peer.GetProperty("best").GetDouble());
                peers.Say(
                    $"PyTorch {peer.GetProperty("models_per_s").GetRawText()} models/s, "
                    + $"test accuracy {peer.GetProperty("accuracy").GetDouble():0.000}");
            }

            double accuracy = 0;
            double seconds = Measure.Seconds(() => accuracy = Train(data, learner, Models));
            ours.Add(Models / seconds);
            peers.Say($"Datamodels {Models / seconds:0.0} models/s, test accuracy {accuracy:0.000}");
        }

        double rate = Measure.Median(ours);
        double? peerRate = theirs.Count > 0 ? Measure.Median(theirs) : null;
        return new BenchmarkRow(Name, "models/s", rate, peerRate, rate / peerRate, 3);
    }

    /// <summary>Trains and returns the mean accuracy on the test part, 0..1.</summary>
    private static double Train(TrainingData data, Learner learner, int models)
    {
        var plan = new SubsetPlan(seed: 1, alpha: 0.5, count: models);
        IEnumerable<TrainingTask> tasks = Enumerable.Range(0, models)
            .Select(model => new TrainingTask(model, plan.MaskOf(model, data.TrainCount), plan.TrainingSeedOf(model)));
        return new CpuEngine().Train(data, learner, new Observation(), tasks)
            .Average(output => output.Values.Average(margin => margin > 0 ? 1.0 : 0.0));
    }
}
