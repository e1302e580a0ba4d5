using Datamodels.Build;
using Xunit;

namespace Datamodels.Repository.Tests;

public class ManifestTests
{
    private static readonly Manifest s_manifest = new(
        """
        @{
            ModuleVersion = '1.2.3'
            Description   = 'It''s one (or two), = ''three'''
            Short         = @('a', 'b)')
            Long          = @(
                'Get-One'
                # not this
                'Get-It''s'
            )
            None          = @()
        }
        """);

    [Fact]
    public void Reads_strings_with_what_is_doubled_in_them()
    {
        Assert.Equal("1.2.3", s_manifest.Value("ModuleVersion"));
        Assert.Equal("It's one (or two), = 'three'", s_manifest.Value("Description"));
    }

    [Fact]
    public void Reads_lists_on_one_line_and_on_several()
    {
        Assert.Equal(["a", "b)"], s_manifest.List("Short"));
        Assert.Equal(["Get-One", "Get-It's"], s_manifest.List("Long"));
        Assert.Empty(s_manifest.List("None"));
    }

    [Theory]
    [InlineData("Version")]
    [InlineData("Short")]
    public void Says_which_key_it_does_not_find(string key) =>
        Assert.Contains(key, Assert.Throws<InvalidDataException>(() => s_manifest.Value(key)).Message);
}
