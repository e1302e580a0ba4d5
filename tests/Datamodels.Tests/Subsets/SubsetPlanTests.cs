using Datamodels.Subsets;
using Xunit;

namespace Datamodels.Tests.Subsets;

public class SubsetPlanTests
{
    // Values from an implementation of its own in another language; they are part of the format and never change.
    [Theory]
    [InlineData(0, 0, 20, 0.5, "0e570c")]
    [InlineData(42, 7, 20, 0.25, "132008")]
    [InlineData(ulong.MaxValue, 123456, 13, 0.5, "0c0f")]
    public void Never_changes_the_mask_of_a_seed_and_a_number(
        ulong seed, int model, int trainCount, double alpha, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexStringLower(new SubsetPlan(seed, alpha, 1).MaskOf(model, trainCount).Bytes));

    [Theory]
    [InlineData(0, 0, 0x067febbc58fe6cd3)]
    [InlineData(42, 7, 0xb22875edd48f55fb)]
    [InlineData(ulong.MaxValue, 2, 0x7889b5eb5210ef05)]
    public void Never_changes_the_training_seed_of_a_seed_and_a_number(ulong seed, int model, ulong expected) =>
        Assert.Equal(expected, new SubsetPlan(seed, 0.5, 1).TrainingSeedOf(model));

    [Theory]
    [InlineData(0.5, 1497, 748)]
    [InlineData(0.5, 9, 4)]
    [InlineData(0.29, 100, 29)]
    [InlineData(0.57, 100, 57)]
    [InlineData(0.75, 50000, 37500)]
    [InlineData(0.1, 10, 1)]
    [InlineData(0.999, 10, 9)]
    public void Every_subset_holds_exactly_floor_alpha_n(double alpha, int trainCount, int size)
    {
        var plan = new SubsetPlan(1, alpha, 50);
        Assert.Equal(size, plan.SubsetSize(trainCount));
        for (int m = 0; m < 50; m++)
        {
            Mask mask = plan.MaskOf(m, trainCount);
            Assert.Equal((size, trainCount, size), (mask.Count, mask.Length, mask.ToExamples().Length));
        }
    }

    [Theory]
    [InlineData(0.5, 40)]
    [InlineData(0.1, 57)]
    public void Every_example_and_every_pair_is_in_equally_many_subsets(double alpha, int trainCount)
    {
        const int Subsets = 20_000;
        var plan = new SubsetPlan(11, alpha, Subsets);
        int[] single = new int[trainCount];
        int[] neighbours = new int[trainCount];
        for (int m = 0; m < Subsets; m++)
        {
            Mask mask = plan.MaskOf(m, trainCount);
            for (int i = 0; i < trainCount; i++)
            {
                single[i] += mask[i] ? 1 : 0;
                neighbours[i] += mask[i] && mask[(i + 1) % trainCount] ? 1 : 0;
            }
        }

        // Counts of a fixed-size draw have the variance p (1 - p) and sum to a constant: n - 1 degrees of freedom after
        // the factor (n - 1) / n.
        int size = plan.SubsetSize(trainCount);
        double p = (double)size / trainCount;
        double variance = Subsets * p * (1 - p) * trainCount / (trainCount - 1);
        Chi.AssertSquare(single.Sum(c => Math.Pow(c - (Subsets * p), 2)) / variance, trainCount - 1);

        double pair = p * (size - 1) / (trainCount - 1);
        double deviation = Math.Sqrt(Subsets * pair * (1 - pair));
        Assert.All(
            neighbours,
            count => Assert.InRange(count, (Subsets * pair) - (4.5 * deviation), (Subsets * pair) + (4.5 * deviation)));
    }

    [Fact]
    public void Masks_of_different_models_and_seeds_are_independent()
    {
        // Two independent halves of 1,000 share 250 on average, with a standard deviation of 7.9.
        var plan = new SubsetPlan(3, 0.5, 200);
        var other = new SubsetPlan(4, 0.5, 200);
        for (int m = 0; m < 100; m++)
        {
            int[] examples = plan.MaskOf(m, 1000).ToExamples();
            Assert.InRange(plan.MaskOf(m + 1, 1000).ToExamples().Intersect(examples).Count(), 250 - 40, 250 + 40);
            Assert.InRange(other.MaskOf(m, 1000).ToExamples().Intersect(examples).Count(), 250 - 40, 250 + 40);
        }
    }

    [Fact]
    public void Retrainings_share_a_mask_and_have_training_seeds_of_their_own()
    {
        var plan = new SubsetPlan(9, 0.5, 10, retrainings: 4);
        var single = new SubsetPlan(9, 0.5, 10);
        Assert.Equal(40, plan.ModelCount);
        for (int m = 0; m < 40; m++)
        {
            Assert.Equal(single.MaskOf(m / 4, 100).ToExamples(), plan.MaskOf(m, 100).ToExamples());
        }

        Assert.Equal(40, Enumerable.Range(0, 40).Select(plan.TrainingSeedOf).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Refuses_an_alpha_outside_0_to_1(double alpha)
    {
        var e = Assert.Throws<DatamodelException>(() => new SubsetPlan(0, alpha, 10));
        Assert.Equal("AlphaOutOfRange", e.Id);
        Assert.Contains(FormattableString.Invariant($"alpha is {alpha}"), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_no_models_too_many_models_and_empty_subsets()
    {
        Assert.Equal("CountOutOfRange", Assert.Throws<DatamodelException>(() => new SubsetPlan(0, 0.5, 0)).Id);
        Assert.Equal("RetrainingsOutOfRange", Assert.Throws<DatamodelException>(() => new SubsetPlan(0, 0.5, 1, 0)).Id);
        Assert.Equal(
            "ModelCountOutOfRange", Assert.Throws<DatamodelException>(() => new SubsetPlan(0, 0.5, 1 << 20, 1 << 20)).Id);
        Assert.Equal("SubsetEmpty", Assert.Throws<DatamodelException>(() => new SubsetPlan(0, 0.01, 1).SubsetSize(99)).Id);
    }
}
