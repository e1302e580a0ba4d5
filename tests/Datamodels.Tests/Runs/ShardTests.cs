using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Runs;

public class ShardTests
{
    [Theory]
    [InlineData(10, 3)]
    [InlineData(3, 10)]
    [InlineData(5000, 1)]
    [InlineData(int.MaxValue, 7)]
    public void Together_the_shards_are_every_model_once_and_of_about_the_same_size(int models, int parts)
    {
        int next = 0;
        for (int part = 1; part <= parts; part++)
        {
            (int first, int end) = new Shard(part, parts).ModelsOf(models);
            Assert.Equal(next, first);
            Assert.InRange(end - first, models / parts, (models / parts) + 1);
            next = end;
        }

        Assert.Equal(models, next);
    }

    [Fact]
    public void Is_written_and_read_as_part_and_parts()
    {
        Assert.Equal(new Shard(3, 100), Shard.Parse("3/100"));
        Assert.Equal("3/100", new Shard(3, 100).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("3/")]
    [InlineData("-1/3")]
    [InlineData("a/b")]
    [InlineData("1/2/3")]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("0/0")]
    [InlineData("1/99999999999")]
    public void Refuses_what_is_no_shard(string text)
    {
        var e = Assert.Throws<DatamodelException>(() => Shard.Parse(text));
        Assert.Contains($"{text}", e.Message, StringComparison.Ordinal);
        Assert.Contains("3/100", e.Message, StringComparison.Ordinal);
    }
}
