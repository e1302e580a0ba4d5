using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Tests.Learners;
using Xunit;

namespace Datamodels.Tests.Attribution;

public class NetworkMethodsTests
{
    private static readonly int[] s_targets = [3, 0];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void TracIn_is_the_inner_product_of_loss_gradients_times_the_steps()
    {
        // A linear network that is the same at both checkpoints: its products are (x·x' + 1) (p - q)·(p' - q').
        NetworkEnsemble models = Newton(epochs: 10);
        AttributionScores scores = new TracIn(models).Score(s_targets, null, Stop);
        var network = new NewtonNetwork(models.Data, Datamodels.Subsets.Mask.Full(60), models.Learner.WeightDecay);

        // Of a triangle of 10 epochs the rates add up to half of 10 times the peak; each step is through the momentum.
        double steps = 0.5 * 10 * models.Learner.LearningRate / models.Learner.BatchSize / (1 - models.Learner.Momentum);
        for (int t = 0; t < s_targets.Length; t++)
        {
            for (int i = 0; i < 60; i++)
            {
                double[] left = LossGradient(network, models.Data.Test, s_targets[t]);
                double[] right = LossGradient(network, models.Data.Train, i);
                double inputs = 1;
                for (int k = 0; k < models.Data.FeatureCount; k++)
                {
                    inputs += models.Data.Test.Row(s_targets[t])[k] * models.Data.Train.Row(i)[k];
                }

                double expected = steps * inputs * left.Zip(right, (a, b) => a * b).Sum();
                Assert.Equal(expected, scores.Of(t)[i], 1e-5 * steps);
            }
        }
    }

    [Fact]
    public void Representation_distance_is_that_of_directions_signed_by_class()
    {
        NetworkEnsemble models = Newton(epochs: 1);
        AttributionScores scores = new RepresentationDistance(models).Score(s_targets, null, Stop);
        for (int t = 0; t < s_targets.Length; t++)
        {
            ReadOnlySpan<float> x = models.Data.Test.Row(s_targets[t]);
            for (int i = 0; i < 60; i++)
            {
                ReadOnlySpan<float> y = models.Data.Train.Row(i);
                double xx = 0, yy = 0, xy = 0;
                for (int k = 0; k < x.Length; k++)
                {
                    xx += x[k] * x[k];
                    yy += y[k] * y[k];
                    xy += x[k] * y[k];
                }

                double nearness = 1 / Math.Max(1e-4, 1 - (xy / Math.Sqrt(xx * yy)));
                bool same = models.Data.Train.Labels[i] == models.Data.Test.Labels[s_targets[t]];
                Assert.Equal(same ? nearness : -nearness, scores.Of(t)[i], 1e-3 * nearness);
            }
        }
    }

    [Fact]
    public void A_random_order_of_the_class_belongs_to_the_target_and_the_seed()
    {
        TrainingData data = TestData.Blobs(60, 12);
        AttributionScores scores = new RandomSameClass(data, new(), seed: 4).Score([3, 0]);
        for (int t = 0; t < s_targets.Length; t++)
        {
            int[] first = scores.TopOf(t, 60);
            Assert.Equal(20, first.Length);
            Assert.All(first, i => Assert.Equal(data.Test.Labels[s_targets[t]], data.Train.Labels[i]));
        }

        Assert.Equal(scores.RankingOf(0), new RandomSameClass(data, new(), seed: 4).Score([7, 3]).RankingOf(1));
        Assert.NotEqual(scores.RankingOf(0), new RandomSameClass(data, new(), seed: 5).Score([3]).RankingOf(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("conv 5 3x3, batchNorm, relu, maxPool 2, dense noBias, scale 0.2")]
    public void Threads_do_not_change_a_bit(string layers)
    {
        foreach ((IAttribution one, IAttribution three) in Methods(1).Zip(Methods(3)))
        {
            AttributionScores expected = one.Score(s_targets, null, Stop);
            AttributionScores actual = three.Score(s_targets, null, Stop);
            Assert.Equal(expected.Of(0).ToArray(), actual.Of(0).ToArray());
            Assert.Equal(expected.Of(1).ToArray(), actual.Of(1).ToArray());
            Assert.NotEqual(expected.Of(0).ToArray(), actual.Of(1).ToArray());
            Assert.All(expected.Of(0).ToArray(), score => Assert.True(float.IsFinite(score)));
        }

        IAttribution[] Methods(int threads)
        {
            bool images = layers.Length > 0;
            var learner = new NetworkLearner { Hidden = [60, 9], Epochs = 6, PeakEpoch = 1, BatchSize = 8 };
            var models = new NetworkEnsemble
            {
                Engine = new CpuEngine(threads),
                Data = images ? ConvolutionalTrainerTests.Images(60, 12, "6x5x2", 3) : TestData.Blobs(60, 12),
                Learner = images
                    ? learner with { Kind = LearnerKind.Convolutional, Hidden = [], Layers = Layer.Parse(layers) }
                    : learner,
                Count = 5,
            };
            return
            [
                new RepresentationDistance(models), new TracIn(models), new InfluenceFunctions(models),
                new Trak(models with { Alpha = 0.5 }),
            ];
        }
    }

    [Fact]
    public void A_last_layer_whose_hessian_fits_in_no_array_is_refused()
    {
        var models = new NetworkEnsemble
        {
            Engine = new CpuEngine(1),
            Data = TestData.Blobs(8, 2, classes: 2),
            Learner = new NetworkLearner { Hidden = [24_000], Epochs = 1, PeakEpoch = 0.5 },
            Count = 1,
        };
        var refused = Assert.Throws<DatamodelException>(() => new InfluenceFunctions(models).Score([0], null, Stop));
        Assert.Equal("LastLayerTooWide", refused.Id);
        Assert.Contains("48002", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_diverged_is_said_to_have()
    {
        var models = new NetworkEnsemble
        {
            Engine = new CpuEngine(1),
            Data = TestData.Blobs(60, 12),
            Learner = new NetworkLearner { LearningRate = 1e30 },
            Count = 1,
        };
        foreach (IAttribution method in new IAttribution[]
            { new RepresentationDistance(models), new TracIn(models), new InfluenceFunctions(models), new Trak(models) })
        {
            Assert.Equal(
                "TrainingDiverged", Assert.Throws<DatamodelException>(() => method.Score([0], null, Stop)).Id);
        }
    }

    private static NetworkEnsemble Newton(int epochs) => new()
    {
        Engine = new NewtonEngine(),
        Data = TestData.Blobs(60, 12),
        Learner = new NetworkLearner
        {
            Kind = LearnerKind.Softmax,
            Hidden = [],
            Epochs = epochs,
            PeakEpoch = 0.2 * epochs,
            WeightDecay = 1e-2,
        },
        Count = 2,
    };

    private static double[] LossGradient(NewtonNetwork network, ExampleSet examples, int example)
    {
        double[] z = network.Logits(examples.Row(example));
        double sum = z.Sum(Math.Exp);
        return [.. z.Select((value, c) => (Math.Exp(value) / sum) - (examples.Labels[example] == c ? 1 : 0))];
    }
}
