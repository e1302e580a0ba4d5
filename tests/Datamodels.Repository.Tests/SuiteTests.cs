using System.Text.RegularExpressions;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>The suites test the module that is handed out.</summary>
public partial class SuiteTests
{
    [Fact]
    public void No_suite_imports_the_module_of_the_checkout_itself()
    {
        string[] suites = Directory.GetFiles(Checkout.PathOf("tests/pester"), "*.Tests.ps1");
        Assert.NotEmpty(suites);
        Assert.Empty(
            from suite in suites
            from line in File.ReadLines(suite).Select((text, i) => (Text: text, Number: i + 1))
            where ImportOfCheckout().IsMatch(line.Text)
            select $"{suite}:{line.Number}: use Import-Datamodels.ps1");
    }

    [Theory]
    [InlineData("Import-Module \"$root/Datamodels.psd1\" -Force", true)]
    [InlineData("Import-Module (Join-Path $PSScriptRoot '../../Datamodels.psd1')", true)]
    [InlineData("Import-Module '$copy/Datamodels.psd1'", false)]
    [InlineData("Import-Module $module", false)]
    public void Which_lines_do(string line, bool does) => Assert.Equal(does, ImportOfCheckout().IsMatch(line));

    [GeneratedRegex(@"Import-Module\b.*(\$root|\$PSScriptRoot|\.\.).*Datamodels\.psd1", RegexOptions.IgnoreCase)]
    private static partial Regex ImportOfCheckout();
}
