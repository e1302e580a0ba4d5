using System.Text.RegularExpressions;
using Xunit;

namespace Datamodels.Repository.Tests;

/// <summary>Links lead somewhere, and commands for a Unix shell are ones that are known to work.</summary>
public partial class PageTests
{
    public static TheoryData<string> Pages => [.. Checkout.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files(string page)
    {
        string folder = Path.GetDirectoryName(Checkout.PathOf(page))!;
        foreach (Match link in Link().Matches(Checkout.Read(page)))
        {
            string target = Path.Combine(folder, link.Groups[1].Value);
            Assert.True(Path.Exists(target), $"{page} links to {link.Groups[1].Value}, which is not there");
        }
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)")]
    private static partial Regex Link();
}
