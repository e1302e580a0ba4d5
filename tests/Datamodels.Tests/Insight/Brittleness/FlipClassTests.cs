using Datamodels.Data;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class FlipClassTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SubsetTraining _run;
    private readonly Datamodel[] _models;

    public FlipClassTests()
    {
        // Blobs of three classes, "0", "1" and "2" in turn.
        var world = new LinearWorld(new double[300], [.. Enumerable.Repeat(new double[6], 300)]);
        _run = world.NewRun(_folder.File("run"));
        _models = world.Datamodels(_run);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_class_goes_by_its_name()
    {
        Assert.Equal(2, FlipClass.Named(_models[0], "2"));
        var unknown = Assert.Throws<DatamodelException>(() => FlipClass.Named(_models[0], "seven"));
        Assert.Equal("ClassUnknown", unknown.Id);
        Assert.Contains("'seven'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("0, 1, 2", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_class_of_the_target_itself_is_refused()
    {
        var own = Assert.Throws<DatamodelException>(() => FlipClass.Named(_models[4], "1"));
        Assert.Equal("ClassOfTarget", own.Id);
        Assert.Contains("Target 4", own.Message, StringComparison.Ordinal);
        Assert.Equal("ClassOfTarget", Assert.Throws<DatamodelException>(() => BrittleFinder.Find(_models[4], newClass: 1)).Id);
    }

    [Fact]
    public void A_random_class_is_any_but_the_targets_own_and_fixed_by_the_seed()
    {
        int[] drawn = [.. _models.Select(model => FlipClass.Random(model, seed: 3))];
        Assert.Equal(drawn, _models.Select(model => FlipClass.Random(model, seed: 3)));
        Assert.NotEqual(drawn, _models.Select(model => FlipClass.Random(model, seed: 4)));
        foreach (int own in new[] { 0, 1, 2 })
        {
            // 100 targets of each class, half of them to each of the two others: 50, give or take 5.
            int[] others = [.. drawn.Where((_, target) => target % 3 == own)];
            Assert.DoesNotContain(own, others);
            Assert.InRange(others.Count(label => label == others.Max()), 30, 70);
        }
    }

    [Fact]
    public void The_class_of_a_chosen_training_example_is_its_own()
    {
        var observation = new Observation
        {
            Targets = new TargetSelection { Set = TargetSet.Train, Examples = [4, 2] },
        };
        SubsetTraining run = SubsetTraining.CreateOrOpen(
            _folder.File("train"), TestData.Blobs(6, 3), new NetworkLearner(), _run.Spec.Plan, "linear", observation);
        Datamodel[] models = new LinearWorld([0, 0], [new double[6], new double[6]]).Datamodels(run);
        Assert.Equal([1, 2], models.Select(FlipClass.ClassOf));
    }

    [Fact]
    public void The_runner_up_has_the_largest_mean_logit_but_the_targets_own()
    {
        // Of class 0, target 0 has class 2 for second on average, though two models of three say class 1.
        float[][] logits = [[9, 2, 1], [9, 2, 1], [9, 0, 9]];
        var engine = new LogitEngine(logits);
        var runnerUp = new RunnerUp(engine, 3);
        Assert.Equal(2, Of(runnerUp, 0));

        // To a target of class 1 with the same logits it is class 0; of class 2 too.
        Assert.Equal(0, Of(runnerUp, 1));
        Assert.Equal(0, Of(runnerUp, 2));
        Assert.Equal(3, engine.Trained);

        // Models are kept in the run's folder.
        Assert.Equal(2, Of(new RunnerUp(engine, 3), 0));
        Assert.Equal(3, engine.Trained);
    }

    private int Of(RunnerUp runnerUp, int target) =>
        runnerUp.Of(_models[target], cancellation: TestContext.Current.CancellationToken);

    /// <summary>Model r has logits r for every target.</summary>
    private sealed class LogitEngine(float[][] logits) : ITrainingEngine
    {
        public string Name => "linear";

        public int Trained { get; private set; }

        public IEnumerable<TrainingOutput> Train(
            TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
            CancellationToken cancellation = default)
        {
            Assert.Equal(OutputKind.Logits, observation.Output);
            foreach (TrainingTask task in tasks)
            {
                Trained++;
                yield return new TrainingOutput(
                    task.Id, [.. Enumerable.Repeat(logits[task.Id], data.TestCount).SelectMany(row => row)]);
            }
        }
    }
}
