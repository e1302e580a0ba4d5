using Datamodels.Data;
using Datamodels.Experiments;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Benchmarks;

/// <summary>
/// Accuracy on the test photographs of the convolutional network of examples/cifar10, trained on all of its 5,000 training
/// photographs; the mean of as many models as there are cores. The bar is an accuracy.
/// </summary>
internal sealed class LearnCifar : IComparison
{
    private const string Folder = "examples/cifar10";

    public string Name => "learn-cifar10";

    public string Description => "test accuracy of the network of examples/cifar10 on all of its training photographs";

    public IReadOnlyList<BenchmarkRow> Run(Peers peers)
    {
        if (!Directory.Exists($"{Folder}/data"))
        {
            peers.Say($"left out: there is no {Folder}/data; {Folder}/README.md says how to get it");
            return [];
        }

        Experiment experiment = ExperimentFile.Read($"{Folder}/experiment.yaml");
        TrainingData data = TrainingDataReader.Read(experiment.Data);
        peers.Say(data.ToString());
        var engine = new CpuEngine();
        var all = Mask.Full(data.TrainCount);
        IEnumerable<TrainingTask> tasks = Enumerable.Range(0, engine.Threads).Select(m => new TrainingTask(m, all, (ulong)m));
        double accuracy = 0;
        double seconds = Measure.Seconds(() => accuracy = engine
            .Train(data, experiment.Learner, new Observation { Output = OutputKind.Correctness }, tasks)
            .Average(output => output.Values.Average()));
        peers.Say($"{engine.Threads} models in {seconds:0.0} s");
        return [new BenchmarkRow(Name, "accuracy", accuracy, null, null, 0.55)];
    }
}
