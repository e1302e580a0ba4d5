using System.Text.RegularExpressions;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>The folders of the library are stages, and each uses only those below it.</summary>
public sealed partial class StagesTests
{
    private static readonly string[] s_ground = ["Kernels", "IO"];

    // Lowest first.
    private static readonly string[] s_stages =
        ["Data", "Subsets", "Learners", "Runs", "Regression", "Attribution", "Insight", "Experiments"];

    public static TheoryData<string> Folders =>
        [.. Directory.EnumerateDirectories(Checkout.PathOf("src", "Datamodels")).Select(folder => Path.GetFileName(folder))
            .Where(name => name is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_stage_looks_up(string folder)
    {
        int height = Array.IndexOf(s_stages, folder);
        string[] below = [.. s_ground, .. s_stages.Take(Math.Max(0, height))];
        Assert.True(height >= 0 || s_ground.Contains(folder), $"{folder} is not a known stage.");
        string path = Checkout.PathOf("src", "Datamodels", folder);
        foreach (string file in Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match used in Stage().Matches(File.ReadAllText(file)))
            {
                string stage = used.Groups[1].Value;
                Assert.True(stage == folder || below.Contains(stage), $"{file} uses {stage}, which is above {folder}.");
            }
        }
    }

    [GeneratedRegex(@"\bDatamodels\.(Kernels|IO|Data|Subsets|Learners|Runs|Regression|Attribution|Insight|Experiments)\b")]
    private static partial Regex Stage();
}
