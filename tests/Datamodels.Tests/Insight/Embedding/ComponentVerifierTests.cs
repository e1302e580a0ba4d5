using Datamodels.Insight;
using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class ComponentVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void In_a_world_without_noise_each_end_loses_what_the_datamodels_say()
    {
        LinearWorld world = LinearWorld.Random(targets: 30, train: 12);
        IReadOnlyList<EmbeddingComponent> components = Components(world);
        ComponentEffect[] effects = [.. ComponentVerifier.Verify(
            components, world, size: 3, retrainings: 2, cancellation: TestContext.Current.CancellationToken)];

        Assert.Equal([1, 1, 2, 2], effects.Select(effect => effect.Component));
        Assert.Equal(
            [ComponentEnd.Positive, ComponentEnd.Negative, ComponentEnd.Positive, ComponentEnd.Negative],
            effects.Select(effect => effect.End));
        foreach (ComponentEffect effect in effects)
        {
            Assert.Equal(effect.PredictedDifference, effect.Difference, 1e-5);
            Assert.Equal(0, effect.DifferenceError, 1e-6);
            Assert.True(effect.Difference > 0);
            Assert.Equal(3, effect.Targets.Count);
            Assert.Equal(3, effect.Size);
        }

        Assert.Equal(components[0].PositiveTargets.Take(3), effects[0].Targets);
        Assert.Equal(components[0].NegativeExamples.Take(3), effects[1].Examples);
    }

    [Fact]
    public void The_error_is_that_of_independent_models()
    {
        const int Models = 400;
        const double Noise = 0.5;
        LinearWorld world = LinearWorld.Random(targets: 30, train: 12, Noise);
        ComponentEffect effect = ComponentVerifier.Verify(
            Components(world)[..1], world, size: 3, Models, cancellation: TestContext.Current.CancellationToken).First();

        // Noise uniform on ±h has the variance h^2 / 3; 3 targets are at the end, and 27 are not.
        double expected = Math.Sqrt(2 * Noise * Noise / 3 * ((1 / 3.0) + (1 / 27.0)) / Models);
        Assert.InRange(effect.DifferenceError, 0.85 * expected, 1.15 * expected);
        Assert.InRange(
            Math.Abs(effect.Difference - effect.PredictedDifference), 0, 4 * expected);
    }

    [Fact]
    public void Training_examples_that_are_removed_do_not_count_as_targets()
    {
        LinearWorld world = LinearWorld.Random(targets: 12, train: 12);
        double[][] weights = [.. world.Datamodels(world.NewRun(_folder.File("test"))).Select(model =>
            Enumerable.Range(0, 12).Select(j =>
                model.Examples.Contains(j) ? model.Weights[model.Examples.ToList().IndexOf(j)] : 0).ToArray())];
        Datamodel[] models = WeightWorld.Of(_folder.File("run"), weights);
        ComponentEffect effect = ComponentVerifier.Verify(
            Embed(models, count: 1), world, size: 4, retrainings: 2,
            cancellation: TestContext.Current.CancellationToken).First();
        Assert.Empty(effect.Examples.Intersect(effect.Targets));
        Assert.Equal(effect.PredictedDifference, effect.Difference, 1e-5);
    }

    [Fact]
    public void What_cannot_be_checked_is_refused()
    {
        LinearWorld world = LinearWorld.Random(targets: 30, train: 12);
        EmbeddingComponent[] components = Components(world);
        EmbeddingComponent other = Embed(world.Datamodels(world.NewRun(_folder.File("run"))), count: 1)[0];
        AssertRefused("SizeOutOfRange", () => ComponentVerifier.Verify(components, world, size: 0));
        AssertRefused("RetrainingsOutOfRange", () => ComponentVerifier.Verify(components, world, retrainings: 1));
        AssertRefused("EmbeddingsDiffer", () => ComponentVerifier.Verify([components[0], other], world));
        Datamodel[] few = WeightWorld.Of(_folder.File("few"), [[0, 1, 0, 0], [1, 0, 0, 2]]);
        AssertRefused("TargetsRemoved", () => ComponentVerifier.Verify(Embed(few, count: 1), world, size: 1));
        Assert.Empty(ComponentVerifier.Verify([], world, cancellation: TestContext.Current.CancellationToken));

        static void AssertRefused(string id, Action action) =>
            Assert.Equal(id, Assert.Throws<DatamodelException>(action).Id);
    }

    private EmbeddingComponent[] Components(LinearWorld world) =>
        Embed(world.Datamodels(world.NewRun(_folder.File("run"))), count: 2);

    private static EmbeddingComponent[] Embed(Datamodel[] models, int count) =>
        [.. EmbeddingComponents.Of(models, count, cancellation: TestContext.Current.CancellationToken)];
}
