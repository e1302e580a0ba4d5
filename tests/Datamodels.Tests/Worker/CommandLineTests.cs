using Datamodels.Runs;
using Datamodels.Worker;
using Xunit;

namespace Datamodels.Tests.Worker;

public class CommandLineTests
{
    [Fact]
    public void Options_may_stand_before_and_after_the_file()
    {
        Assert.Equal(
            new CommandLine("a.yaml", "out", 3),
            CommandLine.Parse(["run", "--threads", "3", "a.yaml", "--output", "out"]));
        Assert.Equal(new CommandLine("a.yaml"), CommandLine.Parse(["run", "a.yaml"]));
        Assert.Equal(
            new CommandLine("a.yaml", Shard: new Shard(3, 100)), CommandLine.Parse(["run", "a.yaml", "--shard", "3/100"]));
        Assert.Equal(
            new CommandLine(RunFolder: "out/run", Threads: 2, Shard: new Shard(3, 100)),
            CommandLine.Parse(["train", "--shard", "3/100", "out/run", "--threads", "2"]));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("run", "--help")]
    [InlineData("train", "-h")]
    public void Help_names_every_option_and_exit_code(params string[] arguments)
    {
        CommandLine command = CommandLine.Parse(arguments);
        Assert.Null(command.ExperimentFile ?? command.RunFolder);
        Assert.All(
            ["train RUN", "--output", "--threads", "--shard", "--version"],
            option => Assert.Contains(option, command.Answer, StringComparison.Ordinal));
        Assert.All(
            Enum.GetValues<ExitCode>(), code => Assert.Matches($@"(?m)^ +{(int)code}  \w", command.Answer!));
    }

    [Theory]
    [InlineData("no command")]
    [InlineData("'go'", "go")]
    [InlineData("experiment file", "run")]
    [InlineData("'--thread'", "run", "a.yaml", "--thread", "3")]
    [InlineData("--threads is 'many'", "run", "a.yaml", "--threads", "many")]
    [InlineData("--threads is '-1'", "run", "a.yaml", "--threads", "-1")]
    [InlineData("--output needs", "run", "a.yaml", "--output")]
    [InlineData("4/3", "run", "a.yaml", "--shard", "4/3")]
    [InlineData("'three'", "run", "a.yaml", "--shard", "three")]
    [InlineData("'a.yaml' and 'b.yaml'", "run", "a.yaml", "b.yaml")]
    [InlineData("folder of a run", "train")]
    [InlineData("'--output' is not an option of 'train'", "train", "run", "--output", "out")]
    [InlineData("'a' and 'b'", "train", "a", "b")]
    [InlineData("'three'", "train", "a", "--shard", "three")]
    public void What_makes_no_sense_is_named(string named, params string[] arguments)
    {
        var exception = Assert.Throws<DatamodelException>(() => CommandLine.Parse(arguments));
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        Assert.Contains("--help", exception.Message, StringComparison.Ordinal);
    }
}
