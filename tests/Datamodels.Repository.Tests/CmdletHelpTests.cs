using System.Text.RegularExpressions;
using Datamodels.Build.Help;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>
/// The pages of the cmdlets say what the code says. Links are checked with those of all pages, examples are run by
/// tests/pester/Help.Tests.ps1.
/// </summary>
public sealed partial class CmdletHelpTests
{
    private static readonly Build.Repository s_repository = new(Checkout.Root);
    private static readonly IReadOnlyList<Cmdlet> s_cmdlets = CmdletHelp.Read(s_repository);

    private static readonly string[] s_common =
    [
        "Debug", "ErrorAction", "ErrorVariable", "InformationAction", "InformationVariable", "OutBuffer", "OutVariable",
        "PipelineVariable", "ProgressAction", "Verbose", "WarningAction", "WarningVariable",
    ];

    // Cmdlets that are not of the module and may be named.
    private static readonly string[] s_ofPowerShell =
        ["Get-Help", "Get-Job", "Invoke-Item", "Receive-Job", "Select-Object", "Stop-Job"];

    public static TheoryData<string> Names => [.. s_cmdlets.Select(cmdlet => cmdlet.Name)];

    [Fact]
    public void There_is_a_page_for_each_cmdlet_and_no_other() => Assert.Equal(
        s_cmdlets.Select(cmdlet => cmdlet.Name + ".md"),
        Directory.EnumerateFiles(Checkout.PathOf("docs", "cmdlets")).Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_is_in_step_with_the_code(string name) => Assert.Equal(
        PageWriter.Write(CmdletOf(name), PageOf(name)), Checkout.Read("docs", "cmdlets", name + ".md").ReplaceLineEndings("\n"));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_code_says_what_everything_is(string name)
    {
        Cmdlet cmdlet = CmdletOf(name);
        Assert.NotEmpty(cmdlet.Synopsis);
        Assert.NotEmpty(cmdlet.Outputs);
        Assert.All(cmdlet.Parameters, parameter => Assert.True(parameter.Text.Length > 0, parameter.Name));
        Assert.All(
            cmdlet.Parameters.SelectMany(parameter => parameter.Values), value => Assert.True(value.Text.Length > 0, value.Name));
        Assert.All(
            cmdlet.Outputs.Where(output => output.TypeName.StartsWith("Datamodels", StringComparison.Ordinal)),
            output => Assert.True(output.Text.Length > 0 && output.Properties.Count > 0, output.TypeName));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_has_a_description_examples_and_links(string name)
    {
        HelpPage page = PageOf(name);
        Assert.NotEmpty(page.Description);
        Assert.NotEmpty(Markdown.Links(page.RelatedLinks));
        Example[] examples = [.. page.Examples];
        Assert.True(examples.Length >= 2, $"{name} has {examples.Length} examples; expected two at least.");
        Assert.All(examples, example => Assert.NotEmpty(example.Code));
        Assert.Equal(examples.Length, examples.Select(example => example.Title).Distinct().Count());

        // Each shows the cmdlet, or at least one of its names.
        string[] names = [name, .. CmdletOf(name).Aliases];
        Assert.All(examples, example => Assert.Contains(names, shown => example.Code.Contains(shown, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_names_cmdlets_and_parameters_that_there_are(string name)
    {
        HelpPage page = PageOf(name);
        foreach (Match span in Code().Matches($"{page.Description} {page.ExampleText} {page.Notes}"))
        {
            Cmdlet cmdlet = CmdletOf(name);
            foreach (Match word in Word().Matches(span.Value))
            {
                if (s_ofPowerShell.Contains(word.Value))
                {
                    break;
                }

                if (word.Value[0] != '-')
                {
                    cmdlet = s_cmdlets.SingleOrDefault(other => other.Name == word.Value || other.Aliases.Contains(word.Value))
                        ?? throw new InvalidDataException($"{name}.md names {word.Value}, which is no cmdlet of the module");
                    continue;
                }

                bool there = cmdlet.Parameters.Any(parameter => parameter.Name == word.Value[1..])
                    || s_common.Contains(word.Value[1..]);
                Assert.True(there, $"{name}.md names {word.Value} in {span.Value}, which {cmdlet.Name} does not have");
            }
        }
    }

    private static Cmdlet CmdletOf(string name) => s_cmdlets.Single(cmdlet => cmdlet.Name == name);

    private static HelpPage PageOf(string name) => HelpPage.Read(CmdletHelp.PageOf(s_repository, name));

    // On one line, so that the fences of blocks are none.
    [GeneratedRegex(@"(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex Code();

    // Such as Get-Influencers, or -Top where it is not part of a longer word or a number.
    [GeneratedRegex(@"(?<![\w-])(?:[A-Z]\w+-[A-Z]\w+|-[A-Z]\w+)")]
    private static partial Regex Word();
}
