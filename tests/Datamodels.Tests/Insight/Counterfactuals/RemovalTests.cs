using Datamodels.Insight;
using Datamodels.Regression;
using Xunit;

namespace Datamodels.Tests.Insight;

public sealed class RemovalTests : IDisposable
{
    private static readonly LinearWorld s_world = new([0, 0], [[0.2, -0.1, 0.9, 0, 0.2, -0.4], [1, 1, 1, 1, 1, 1]]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(RemovalKind.Top, new[] { 2, 0, 4, 3, 1 })]
    [InlineData(RemovalKind.Bottom, new[] { 5, 1, 3, 0, 4 })]
    public void The_ends_of_the_weights_go_first_and_ties_by_index(RemovalKind kind, int[] order)
    {
        IReadOnlyList<Removal> removals = Removal.Of(Model(0), [2, 5], [kind], seed: 0);
        Assert.Equal([order[..2], order], removals.Select(removal => removal.Examples.ToArray()));
        Assert.All(removals, removal => Assert.Equal(kind, removal.Kind));
    }

    [Fact]
    public void Random_ones_are_nested_and_follow_from_the_seed_and_the_target()
    {
        int[] first = Random(Model(0), seed: 1);
        Assert.Equal(first[..3], Removal.Of(Model(0), [3, 5], [RemovalKind.Random], seed: 1)[0].Examples);
        Assert.Equal(first, Random(Model(0), seed: 1));
        Assert.NotEqual(first, Random(Model(1), seed: 1));
        Assert.NotEqual(first, Random(Model(0), seed: 2));
        Assert.Equal(5, first.Distinct().Count());

        static int[] Random(Datamodel datamodel, ulong seed) =>
            [.. Assert.Single(Removal.Of(datamodel, [5], [RemovalKind.Random], seed)).Examples];
    }

    [Fact]
    public void All_sizes_of_a_kind_come_before_the_next_kind() => Assert.Equal(
        [(RemovalKind.Bottom, 3), (RemovalKind.Bottom, 1), (RemovalKind.Top, 3), (RemovalKind.Top, 1)],
        Removal.Of(Model(0), [3, 1], [RemovalKind.Bottom, RemovalKind.Top], 0)
            .Select(removal => (removal.Kind, removal.Examples.Count)));

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Sizes_that_leave_nothing_or_take_nothing_are_refused(int size)
    {
        var exception = Assert.Throws<DatamodelException>(() => Removal.Of(Model(0), [1, size], [RemovalKind.Top], 0));
        Assert.Equal("RemovalSizeOutOfRange", exception.Id);
        Assert.Contains($"is {size};", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RemovalSizeOutOfRange", new int[0])]
    [InlineData("RemovalSizeOutOfRange", new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData("ExampleOutOfRange", new[] { 6 })]
    [InlineData("ExampleRepeated", new[] { 2, 2 })]
    public void Given_examples_are_checked(string id, int[] examples) =>
        Assert.Equal(id, Assert.Throws<DatamodelException>(() => Removal.Given(Model(0), examples)).Id);

    private Datamodel Model(int target) => s_world.DatamodelOf(s_world.NewRun(_folder.File("run")), target);
}
