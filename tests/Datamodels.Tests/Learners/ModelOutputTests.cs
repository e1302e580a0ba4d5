using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public sealed class ModelOutputTests
{
    // Two models' worth of logits on three targets of classes 0, 2 and 1; the second is a tie, the third far from sure.
    private static readonly float[] s_logits = [2, 1, -1, 3, 0, 3, 40, -45, 0.5f];
    private static readonly int[] s_labels = [0, 2, 1];

    [Fact]
    public void A_margin_is_the_logit_of_the_class_minus_the_largest_other() =>
        Assert.Equal([1, 0, -85], ModelOutput.Of(OutputKind.Margin, s_logits, s_labels));

    [Fact]
    public void Correctness_is_1_only_without_a_tie() =>
        Assert.Equal([1, 0, 0], ModelOutput.Of(OutputKind.Correctness, s_logits, s_labels));

    [Fact]
    public void Logits_come_as_they_are() => Assert.Equal(s_logits, ModelOutput.Of(OutputKind.Logits, s_logits, s_labels));

    [Theory]
    [InlineData(OutputKind.LogSumExpMargin)]
    [InlineData(OutputKind.Loss)]
    [InlineData(OutputKind.Probability)]
    public void The_others_follow_their_formulas(OutputKind kind)
    {
        float[] actual = ModelOutput.Of(kind, s_logits, s_labels);
        for (int target = 0; target < 3; target++)
        {
            double[] z = [.. s_logits.Skip(3 * target).Take(3).Select(logit => (double)logit)];
            int y = s_labels[target];
            double others = z.Where((_, c) => c != y).Sum(Math.Exp);
            double probability = Math.Exp(z[y]) / (Math.Exp(z[y]) + others);
            double expected = kind switch
            {
                OutputKind.LogSumExpMargin => z[y] - Math.Log(others),
                OutputKind.Loss => -Math.Log(probability),
                _ => probability,
            };
            Assert.Equal(1, actual[target] / expected, 1e-6);
        }
    }

    [Fact]
    public void A_sure_model_keeps_its_small_loss()
    {
        float loss = ModelOutput.Of(OutputKind.Loss, [30, 0], [0])[0];
        Assert.Equal(1, loss / Math.Exp(-30), 1e-6);
    }

    [Theory]
    [InlineData(OutputKind.Margin)]
    [InlineData(OutputKind.LogSumExpMargin)]
    [InlineData(OutputKind.Correctness)]
    [InlineData(OutputKind.Loss)]
    [InlineData(OutputKind.Probability)]
    public void A_model_that_diverged_stays_visible(OutputKind kind)
    {
        Assert.False(float.IsFinite(ModelOutput.Of(kind, [float.NaN, float.NaN], [0])[0]));
        Assert.False(float.IsFinite(ModelOutput.Of(kind, [float.PositiveInfinity, 1], [0])[0]));
    }
}
