using Datamodels.Attribution;
using Datamodels.Kernels;
using Datamodels.Tests.Regression;
using Xunit;

namespace Datamodels.Tests.Attribution;

public class SubsetBootstrapTests
{
    private const int Subsets = 100;

    // The rank correlation of normal pairs has a standard error of about (1 - r^2) / sqrt(n) times 1.06, a little more for large
    // r; the interval is 3.92 of them wide.
    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    public void The_interval_is_as_wide_as_the_scores_of_other_subsets_are_apart(double correlation)
    {
        var random = new RandomStream(5, RandomPurpose.Targets, 0);
        double width = 0;
        int covered = 0;
        double[] scores = new double[60];
        for (int world = 0; world < scores.Length; world++)
        {
            double[] x = [.. Enumerable.Range(0, Subsets).Select(_ => PlantedRun.Normal(ref random))];
            double[] y = new double[Subsets];
            for (int i = 0; i < Subsets; i++)
            {
                y[i] = (correlation * x[i]) + (Math.Sqrt(1 - (correlation * correlation)) * PlantedRun.Normal(ref random));
            }

            scores[world] = RankCorrelation.Spearman(x, y);
            ScoreInterval interval =
                SubsetBootstrap.IntervalOf(scores[world], new SubsetBootstrap(Subsets, seed: 1).LdsOf(x, y));
            double truth = 6 / Math.PI * Math.Asin(correlation / 2);
            width += (interval.High - interval.Low) / scores.Length;
            covered += interval.Low <= truth && truth <= interval.High ? 1 : 0;
            Assert.InRange(scores[world], interval.Low, interval.High);
        }

        double mean = scores.Average();
        double deviation = Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / (scores.Length - 1));
        Assert.InRange(width / (3.92 * deviation), 0.75, 1.3);
        Assert.InRange(covered, 51, 60);
    }

    [Fact]
    public void The_draws_follow_from_the_seed()
    {
        double[] x = [1, 2, 3, 4, 5, 6];
        double[] y = [2, 1, 3, 6, 4, 5];
        double[] draws = new SubsetBootstrap(6, seed: 1).LdsOf(x, y);
        Assert.Equal(draws, new SubsetBootstrap(6, seed: 1).LdsOf(x, y));
        Assert.NotEqual(draws, new SubsetBootstrap(6, seed: 2).LdsOf(x, y));
    }

    [Fact]
    public void The_interval_leaves_the_score_as_the_middle_95_percent_of_the_draws_leave_their_mean()
    {
        // 0, 1, .. 999 thousandths: the ends are 25 and 974, the mean 499.5.
        double[] draws = [.. Enumerable.Range(0, 1000).Reverse().Select(i => i / 1000.0)];
        ScoreInterval interval = SubsetBootstrap.IntervalOf(0.4, draws);
        Assert.Equal(-0.0745, interval.Low, 12);
        Assert.Equal(0.8745, interval.High, 12);
        Assert.Equal(1, SubsetBootstrap.IntervalOf(0.9, draws).High);
    }

    // Four subsets: one draw in 64 is all of one subset and scores 0, the others score 1.
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void The_interval_holds_the_score_however_few_subsets_there_are(int sign)
    {
        double[] draws = new SubsetBootstrap(4, seed: 1).LdsOf([1, 2, 3, 4], [sign, 2 * sign, 3 * sign, 4 * sign]);
        Assert.Contains(0, draws);
        Assert.Equal(new ScoreInterval(sign, sign), SubsetBootstrap.IntervalOf(sign, draws));
    }
}
