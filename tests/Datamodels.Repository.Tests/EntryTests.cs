using System.Text.RegularExpressions;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>The entry as a user meets it.</summary>
public class EntryTests
{
    [Fact]
    public void Build_sh_starts_it_and_help_names_every_verb()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "build.sh needs a Unix shell; tests/pester runs build.ps1");
        (int exitCode, string output, _) = Checkout.Run(Checkout.PathOf("build.sh"), "help");
        Assert.Equal(0, exitCode);
        Assert.Equal(
            ["build", "test", "demo", "data", "bench", "pack", "docs", "clean"],
            Regex.Matches(output, @"^  (\w+) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value));
    }

    [Theory]
    [InlineData("tset")]
    [InlineData("demo", "quickly")]
    [InlineData]
    public void A_wrong_call_gets_the_help_and_exit_code_2(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Datamodels.Build.dll");
        (int exitCode, string output, string errors) = Checkout.Run("dotnet", [program, .. arguments]);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("usage:", errors);
        if (arguments.Length > 0)
        {
            Assert.Contains($"'{arguments[^1]}'", errors);
        }
    }
}
