using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Attribution;

/// <summary>What methods say of a convex learner against what leaving each example out does to it.</summary>
public class LeaveOneOutTests
{
    private const int Examples = 90;
    private const int Targets = 12;

    [Theory]
    [InlineData(2, 1e-2)]
    [InlineData(2, 1e-3)]
    [InlineData(3, 1e-2)]
    [InlineData(5, 1e-3)]
    public void Influence_functions_give_the_order_of_the_exact_effects(int classes, double decay)
    {
        NetworkEnsemble models = Models(classes, decay);
        AssertAgrees(models, new InfluenceFunctions(models), OutputKind.Margin, least: 0.98);
    }

    // TRAK takes each example's own class against all others together: exact for two classes, an approximation for more.
    [Theory]
    [InlineData(2, 1e-2, 0.98)]
    [InlineData(2, 1e-3, 0.98)]
    [InlineData(3, 1e-2, 0.9)]
    public void Trak_gives_the_order_of_the_exact_effects(int classes, double decay, double least)
    {
        NetworkEnsemble models = Models(classes, decay);
        AssertAgrees(models, new Trak(models), OutputKind.LogSumExpMargin, least);
    }

    [Fact]
    public void Of_two_classes_both_give_the_effects_themselves()
    {
        NetworkEnsemble models = Models(2, 0.1);
        double[][] exact = Effects(models, OutputKind.Margin);
        foreach (IAttribution method in new IAttribution[] { new InfluenceFunctions(models), new Trak(models) })
        {
            AttributionScores scores = Score(method);
            for (int target = 0; target < Targets; target++)
            {
                // What leaving any one out does alike, by the weight decay that the others then bear, is no one's effect.
                double[] said = [.. scores.Of(target).ToArray().Select(score => (double)score)];
                double shift = exact[target].Average() - said.Average();
                double scale = exact[target].Max(Math.Abs);
                for (int i = 0; i < Examples; i++)
                {
                    Assert.InRange(said[i] + shift - exact[target][i], -0.06 * scale, 0.06 * scale);
                }
            }
        }
    }

    private static NetworkEnsemble Models(int classes, double decay) => new()
    {
        Engine = new NewtonEngine(),
        Data = TestData.Blobs(Examples, Targets, features: 6, classes: classes),
        Learner = new NetworkLearner { Kind = LearnerKind.Softmax, Hidden = [], WeightDecay = decay },
        Count = 1,
    };

    private static AttributionScores Score(IAttribution method) =>
        method.Score([.. Enumerable.Range(0, Targets)], null, TestContext.Current.CancellationToken);

    /// <summary>Output with all examples minus that without example i, <c>[targets][examples]</c>.</summary>
    private static double[][] Effects(NetworkEnsemble models, OutputKind output)
    {
        var all = Mask.Full(Examples);
        double[] full = Outputs(all);
        double[][] without = [.. Enumerable.Range(0, Examples).Select(i => Outputs(all.Without([i])))];
        return [.. Enumerable.Range(0, Targets).Select(
            target => without.Select(outputs => full[target] - outputs[target]).ToArray())];

        double[] Outputs(Mask mask)
        {
            var network = new NewtonNetwork(models.Data, mask, models.Learner.WeightDecay);
            double[] outputs = new double[Targets];
            for (int target = 0; target < Targets; target++)
            {
                double[] z = network.Logits(models.Data.Test.Row(target));
                int label = models.Data.Test.Labels[target];
                double[] others = [.. z.Where((_, c) => c != label)];
                outputs[target] = z[label]
                    - (output == OutputKind.Margin ? others.Max() : Math.Log(others.Sum(value => Math.Exp(value))));
            }

            return outputs;
        }
    }

    private static void AssertAgrees(NetworkEnsemble models, IAttribution method, OutputKind output, double least)
    {
        double[][] exact = Effects(models, output);
        AttributionScores scores = Score(method);
        for (int target = 0; target < Targets; target++)
        {
            double[] said = [.. scores.Of(target).ToArray().Select(score => (double)score)];
            double spearman = RankCorrelation.Spearman(said, exact[target]);
            Assert.True(spearman >= least, $"target {target}: Spearman {spearman:0.000} with the exact effects");
        }
    }
}
