using System.Diagnostics;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Benchmarks;

/// <summary>
/// Seconds a model in a run of 1,000 models, onto disk and all, against those in runs of 10: nothing builds up. And the
/// memory that the process holds after the long run over that after the short ones. Five epochs, so that a model takes the
/// time that one does in a study: in a short run the last models leave cores idle, which is a part of a model's time.
/// </summary>
internal sealed class TrainFlat : IComparison
{
    private const string Folder = "out/bench/flat";
    private const int Few = 10;
    private const int Many = 1000;
    private const int Rounds = 9;

    private static readonly NetworkLearner s_learner = TrainMnistConvolutional.SmallNetwork with { Epochs = 5, PeakEpoch = 1.25 };

    public string Name => "train-flat";

    public string Description =>
        $"runs of {Few} models, {Rounds} times, and one of {Many}, of the network of train-mnist-cnn, 5 epochs";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        TrainingData data = TrainMnist.Read();

        // As many models as the short runs train, for the runtime to have compiled everything as well as it will.
        SecondsPerModel(data, Few * Rounds);
        double few = Measure.Median(Enumerable.Range(0, Rounds).Select(_ => SecondsPerModel(data, Few)));
        double memory = Megabytes();
        double many = SecondsPerModel(data, Many);
        double memoryAfter = Megabytes();
        return
        [
            new BenchmarkRow(Name, "s/model", many, few, few / many, 0.9),
            new BenchmarkRow($"{Name} memory", "MB", memoryAfter, memory, memory / memoryAfter, 0.9),
        ];
    }

    private static double SecondsPerModel(TrainingData data, int models)
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        var engine = new CpuEngine();
        double seconds = Measure.Seconds(() => SubsetTraining
            .CreateOrOpen(Folder, data, s_learner, new SubsetPlan(1, 0.5, models), engine.Name)
            .Train(engine));
        Directory.Delete(Folder, recursive: true);
        return seconds / models;
    }

    private static double Megabytes()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }
}
