using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>Code keeps to its margin.</summary>
public class LineTests
{
    private const int Margin = 130;

    [Fact]
    public void No_line_of_code_is_over_the_margin()
    {
        string[] folders = ["src", "tests", "bench", "build", "examples", "module"];
        string[] over =
        [
            .. folders.SelectMany(folder => Directory.EnumerateFiles(Checkout.PathOf(folder), "*", SearchOption.AllDirectories))
                .Where(path => Path.GetExtension(path) is ".cs" or ".ps1" or ".psm1")
                .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                .SelectMany(path => File.ReadLines(path).Select((line, i) => (Place: $"{path}:{i + 1}", line.Length)))
                .Where(line => line.Length > Margin).Select(line => line.Place),
        ];
        Assert.Empty(over);
    }
}
