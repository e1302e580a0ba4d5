using Datamodels.Build;
using Xunit;

namespace Datamodels.Repository.Tests;

public sealed class TallyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Counts_each_outcome()
    {
        Write("Passed", "Passed", "Failed", "NotExecuted", "Timeout");
        Assert.Equal(new Tally(2, 2, 1), Tally.OfTrx(_file, exitCode: 1));
    }

    [Fact]
    public void A_suite_without_a_failure_that_exits_with_0_has_none()
    {
        Write("Passed", "NotExecuted");
        Assert.Equal(new Tally(1, 0, 1), Tally.OfTrx(_file, exitCode: 0));
    }

    [Fact]
    public void A_suite_that_ends_badly_without_a_failed_test_is_one_failure()
    {
        Write("Passed");
        Assert.Equal(new Tally(1, 1, 0), Tally.OfTrx(_file, exitCode: 134));
    }

    [Fact]
    public void A_suite_without_results_is_one_failure()
    {
        Assert.Equal(new Tally(0, 1, 0), Tally.OfTrx(_file + ".absent", exitCode: 0));
        Write();
        Assert.Equal(new Tally(0, 1, 0), Tally.OfTrx(_file, exitCode: 0));
    }

    [Fact]
    public void Results_that_are_cut_short_do_not_count()
    {
        Write("Passed", "Passed");
        File.WriteAllText(_file, File.ReadAllText(_file)[..^20]);
        Assert.Equal(new Tally(0, 1, 0), Tally.OfTrx(_file, exitCode: 0));
    }

    [Fact]
    public void Is_shown_as_the_last_line_of_a_test_run() =>
        Assert.Equal("3 passed, 0 failed, 1 skipped", new Tally(3, 0, 1).ToString());

    private void Write(params string[] outcomes) => File.WriteAllText(
        _file,
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>{string.Concat(outcomes.Select(outcome => $"<UnitTestResult outcome=\"{outcome}\" />"))}</Results>
        </TestRun>
        """);
}
