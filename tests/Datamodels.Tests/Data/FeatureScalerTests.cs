using Datamodels.Data;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Data;

public sealed class FeatureScalerTests
{
    private const int Channels = 3;
    private const int Pixels = 7;
    private const int Features = Channels * Pixels;

    [Fact]
    public void Standardizes_each_channel_with_constants_of_the_training_set()
    {
        float[] train = Values(40 * Features, 1);
        float[] test = Values(5 * Features, 2);
        float[] scaledTrain = [.. train];
        float[] scaledTest = [.. test];
        FeatureScaler.Apply(FeatureScaling.StandardizeChannels, scaledTrain, scaledTest, Features, Channels);
        for (int c = 0; c < Channels; c++)
        {
            double[] channel = [.. train.Where((_, i) => i % Features / Pixels == c).Select(x => (double)x)];
            double mean = channel.Average();
            double deviation = Math.Sqrt(channel.Average(x => (x - mean) * (x - mean)));
            double[] scaled = [.. scaledTrain.Where((_, i) => i % Features / Pixels == c).Select(x => (double)x)];
            Assert.Equal(channel.Select(x => (float)((x - mean) / deviation)), scaled.Select(x => (float)x), Near);
            Assert.Equal(
                test.Where((_, i) => i % Features / Pixels == c).Select(x => (float)((x - mean) / deviation)),
                scaledTest.Where((_, i) => i % Features / Pixels == c), Near);
        }
    }

    [Fact]
    public void A_channel_of_one_value_becomes_zero()
    {
        float[] train = [1, 2, 5, 5, 3, 4, 5, 5];
        float[] test = [2.5f, 2.5f, 9, 9];
        FeatureScaler.Apply(FeatureScaling.StandardizeChannels, train, test, featureCount: 4, channels: 2);
        Assert.Equal([0f, 0, 0, 0], test);
        Assert.Equal([0f, 0], train[2..4]);
        Assert.Equal(-1.5 / Math.Sqrt(1.25), train[0], 1e-6);
    }

    [Fact]
    public void Asks_for_the_image_shape_where_there_is_none()
    {
        var source = new DataSource { Path = [Repository.Digits], Scaling = FeatureScaling.StandardizeChannels };
        var e = Assert.Throws<DatamodelException>(() => TrainingDataReader.Read(source, TestContext.Current.CancellationToken));
        Assert.Equal("ImageShapeMissing", e.Id);
        TrainingData data = TrainingDataReader.Read(
            source with { ImageShape = new ImageShape(8, 8) }, TestContext.Current.CancellationToken);
        Assert.Equal(0, data.Train.Features.ToArray().Average(x => (double)x), 1e-6);
        Assert.Equal(1, data.Train.Features.ToArray().Average(x => (double)x * x), 1e-6);
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) <= 1e-5f;

    private static float[] Values(int count, ulong seed)
    {
        var random = new RandomStream(seed, RandomPurpose.Split, 0);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (10 * random.NextSingle()) + (i % Features / Pixels);
        }

        return values;
    }
}
