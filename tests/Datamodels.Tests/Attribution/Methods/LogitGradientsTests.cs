using Datamodels.Attribution;
using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Attribution;

public class LogitGradientsTests
{
    // Three examples of four classes, one of them sure and one sure of the wrong class.
    private static readonly float[] s_logits = [0.5f, -1, 2, 0.25f, 9, -3, 1, 0, -2, 8, 1, 0.5f];
    private static readonly int[] s_labels = [2, 0, 3];

    [Theory]
    [InlineData(OutputKind.Margin)]
    [InlineData(OutputKind.LogSumExpMargin)]
    [InlineData(OutputKind.Loss)]
    public void They_agree_with_finite_differences_of_the_output(OutputKind output)
    {
        double[] p = LogitGradients.Probabilities(s_logits, 4);
        float[] gradients = output switch
        {
            OutputKind.Margin => LogitGradients.OfMargin(s_logits, s_labels),
            OutputKind.LogSumExpMargin => LogitGradients.OfLogSumExpMargin(p, s_labels),
            _ => LogitGradients.OfLoss(p, s_labels, smoothing: 0),
        };
        const float Delta = 1f / 64;
        for (int at = 0; at < s_logits.Length; at++)
        {
            float Output(float change)
            {
                float[] logits = [.. s_logits];
                logits[at] += change;
                return ModelOutput.Of(output, logits, s_labels)[at / 4];
            }

            Assert.Equal((Output(Delta) - Output(-Delta)) / (2 * Delta), gradients[at], 1e-3);
        }
    }

    [Fact]
    public void A_smoothed_loss_wants_a_share_for_every_class()
    {
        double[] p = LogitGradients.Probabilities(s_logits, 4);
        float[] gradients = LogitGradients.OfLoss(p, s_labels, smoothing: 0.2);
        for (int at = 0; at < gradients.Length; at++)
        {
            double wanted = 0.05 + (at % 4 == s_labels[at / 4] ? 0.8 : 0);
            Assert.Equal(p[at] - wanted, gradients[at], 1e-6);
        }
    }

    [Fact]
    public void A_tie_goes_to_the_first_and_the_doubt_of_a_sure_model_is_not_lost()
    {
        Assert.Equal([-1f, 0f, 1f], LogitGradients.OfMargin([1, 1, 1], [2]));
        double[] p = LogitGradients.Probabilities([40, 0, 0], 3);
        Assert.InRange(LogitGradients.Doubt(p, 0), 2 * Math.Exp(-40) * 0.9999, 2 * Math.Exp(-40) * 1.0001);
        Assert.Equal([1f, -0.5f, -0.5f], LogitGradients.OfLogSumExpMargin(LogitGradients.Probabilities([900, 0, 0], 3), [0]));
    }
}
