using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Insight;

public class BrittleFinderTests
{
    [Fact]
    public void Takes_the_largest_weights_until_the_margin_is_at_the_threshold()
    {
        // g(S) = 1 + 0.5 + 2 - 1 + 1 = 3.5; without example 4 it is 1.5, without 4 and 9 it is 0.5, without 2 too it is 0.
        BrittleSet set = BrittleFinder.Find(Model(1, (2, 0.5), (4, 2), (7, -1), (9, 1)));
        Assert.Equal(BrittleStatus.Found, set.Status);
        Assert.Equal([4, 9, 2], set.Examples);
        Assert.Equal(3, set.PredictedSize);
        Assert.Equal(3.5, set.FullMargin);
        Assert.Equal(0, set.PredictedMargin);
        Assert.Null(set.Flipped);
    }

    [Fact]
    public void A_lower_threshold_needs_a_larger_set()
    {
        Datamodel model = Model(0, (0, 1), (1, 1), (2, 1), (3, -2));
        Assert.Equal(1, BrittleFinder.Find(model, threshold: 0).PredictedSize);
        Assert.Equal(2, BrittleFinder.Find(model, threshold: -1).PredictedSize);
    }

    [Fact]
    public void Ties_go_to_the_lower_index() =>
        Assert.Equal([3, 5], BrittleFinder.Find(Model(-2, (3, 2), (5, 2), (8, 2))).Examples);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(1.01, 11)]
    [InlineData(1.1, 11)]
    [InlineData(1.2, 12)]
    [InlineData(2, 20)]
    [InlineData(100, 25)]
    public void The_size_factor_enlarges_the_set_as_far_as_positive_weights_go(double factor, int size)
    {
        BrittleSet set = BrittleFinder.Find(Model(-15, [.. Enumerable.Range(0, 25).Select(i => (i, 1.0))]), sizeFactor: factor);
        Assert.Equal(10, set.PredictedSize);
        Assert.Equal(size, set.Size);
        Assert.Equal(10 - size, set.PredictedMargin, 12);
    }

    [Fact]
    public void No_set_exists_where_the_bias_alone_is_right()
    {
        BrittleSet set = BrittleFinder.Find(Model(0.5, (0, 1), (1, 1)));
        Assert.Equal(BrittleStatus.NoSet, set.Status);
        Assert.Null(set.PredictedSize);
        Assert.Empty(set.Examples);
        Assert.Equal(set.FullMargin, set.PredictedMargin);
    }

    [Fact]
    public void A_target_that_is_predicted_wrong_needs_nothing_removed()
    {
        BrittleSet set = BrittleFinder.Find(Model(-1, (0, 1)));
        Assert.Equal(BrittleStatus.AlreadyWrong, set.Status);
        Assert.Equal(0, set.PredictedSize);
        Assert.Empty(set.Examples);
    }

    [Fact]
    public void It_is_said_why_there_is_nothing_to_flip_with()
    {
        BrittleSet none = BrittleFinder.Find(Model(0.5, (0, 1), (1, 1), (2, -0.25)));
        Assert.Equal("The predicted margin is 0.250 with all 2 examples of a positive weight removed.", none.Reason);
        Assert.Equal(
            "The predicted margin on all of S is -0.500.", BrittleFinder.Find(Model(-1, (0, 0.5))).Reason);
        Assert.Null(BrittleFinder.Find(Model(-1, (0, 2))).Reason);
    }

    [Theory]
    [InlineData(0.99)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_size_factor_under_one_is_refused(double factor) =>
        Assert.Equal("SizeFactorOutOfRange", Assert.Throws<DatamodelException>(() => BrittleFinder.Find(Model(0), 0, factor)).Id);

    [Theory]
    [InlineData(OutputKind.LogSumExpMargin)]
    [InlineData(OutputKind.Correctness)]
    [InlineData(OutputKind.Loss)]
    [InlineData(OutputKind.Probability)]
    public void Only_the_sign_of_the_margin_says_whether_a_prediction_is_right(OutputKind output)
    {
        // A log-sum-exp margin is below 0 wherever p is below 1/2, which may be right with more than two classes.
        var error = Assert.Throws<DatamodelException>(() => BrittleFinder.Find(Model(output, 1, (0, 2))));
        Assert.Equal("BrittleOutput", error.Id);
        Assert.Contains(output.ToString(), error.Message);
    }

    private static Datamodel Model(double bias, params (int Example, double Weight)[] weights) =>
        Model(OutputKind.Margin, bias, weights);

    private static Datamodel Model(OutputKind output, double bias, params (int Example, double Weight)[] weights) => new()
    {
        Output = output,
        Training = null!, // a search looks at the weights only
        Target = 0,
        Label = "zero",
        Examples = [.. weights.Select(pair => pair.Example)],
        Weights = [.. weights.Select(pair => pair.Weight)],
        Bias = bias,
        Lambda = 0.1,
        HeldOutR2 = 0,
        DualityGap = 0,
        Converged = true,
        ModelCount = 1,
    };
}
